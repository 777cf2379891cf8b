package io.weir.body;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

class ModelSpliceTest {

    private static final long SEED = Long.getLong("weir.test.seed", 20261121L);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "{\"a\":1,\"model\" : \"x\" } | {\"a\":1,\"model\" : \"new\" }",
                "{\"mod\\u0065l\":\"a\\nb\"} | refused",
                "{\"mod\\u0065l\":\"a\\/b\"} | {\"mod\\u0065l\":\"new\"}",
                "{\"model\":null} | {\"model\":\"new\"}",
                "{\"model\":\"\"} | {\"model\":\"new\"}",
                "{} | {\"model\":\"new\"}",
                "{ } | {\"model\":\"new\" }",
                "{ \"a\":1} | {\"model\":\"new\", \"a\":1}",
                "{\"a\":{\"model\":\"x\"}} | {\"model\":\"new\",\"a\":{\"model\":\"x\"}}",
            })
    void replacesOrInsertsTheModel(String body, String expected) {
        String result;
        try {
            byte[] bytes = Bodies.bytes(body);
            byte[] spliced = Bodies.splice(bytes, ModelSplice.of(Bodies.scan(bytes), "new"));
            result = Bodies.text(spliced, new ByteRange(0, spliced.length));
        } catch (BodyException e) {
            result = "refused";
        }

        assertThat(result).isEqualTo(expected);
    }

    @Test
    void everyReaderSeesTheNewModelAndEverythingElseAsItWas() throws BodyException {
        // Given
        RandomBodies bodies = new RandomBodies(new SplittableRandom(SEED));
        List<String> names = List.of("m", "org/model-8B", "say \"hi\"\\", "中é😀\u0001\u007f\n", "");
        for (int i = 0; i < 1_000; i++) {
            byte[] body = Bodies.bytes(bodies.next());
            String name = names.get(i % names.size());

            // When
            ModelSplice splice = ModelSplice.of(Bodies.scan(body), name);
            byte[] spliced = Bodies.splice(body, splice);

            // Then
            String about = "seed " + SEED + ", body " + i;
            int start = (int) splice.cutStart();
            int tail = (int) (body.length - splice.cutEnd());
            assertThat(Arrays.copyOf(spliced, start))
                    .as(about)
                    .isEqualTo(Arrays.copyOf(body, start));
            assertThat(tailOf(spliced, tail)).as(about).isEqualTo(tailOf(body, tail));
            assertThat((long) spliced.length).isEqualTo(body.length + splice.delta());
            assertThat(requireNonNull(Oracle.read(spliced)))
                    .as(about)
                    .isEqualTo(withModel(requireNonNull(Oracle.read(body)), name));
        }
    }

    private static JsonNode withModel(JsonNode tree, String model) {
        return ((ObjectNode) tree.deepCopy()).put("model", model);
    }

    private static byte[] tailOf(byte[] bytes, int length) {
        return Arrays.copyOfRange(bytes, bytes.length - length, bytes.length);
    }
}

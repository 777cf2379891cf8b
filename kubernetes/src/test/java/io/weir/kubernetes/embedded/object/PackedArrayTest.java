package io.weir.kubernetes.embedded.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;

/** Arrays that are kept as text. */
class PackedArrayTest {

    private static final String JSON =
            """
            [{"manager":"kubectl \\"ü\\"","time":"2026-01-01T00:00:00Z","count":3,"share":0.5,
              "fieldsV1":{"f:spec":{".":{},"f:replicas":{}}}},"text",null,7,[1,[2]]]
            """;

    private final ArrayNode plain = (ArrayNode) Trees.parse(JSON.getBytes(StandardCharsets.UTF_8));
    private final ArrayNode packed = PackedArray.of(plain);

    private static ObjectNode holding(JsonNode array) {
        ObjectNode object = Trees.object();
        object.put("before", 1);
        object.set("array", array);
        object.put("after", 2);
        return object;
    }

    @Test
    void theTextIsTheSame() {
        assertThat(Trees.bytes(holding(packed))).isEqualTo(Trees.bytes(holding(plain)));
        assertThat(holding(packed).toString()).isEqualTo(holding(plain).toString());
        assertThat(holding(packed).toPrettyString()).isEqualTo(holding(plain).toPrettyString());
    }

    @Test
    void readersSeeTheSameItems() {
        assertThat(packed.size()).isEqualTo(plain.size());
        assertThat(packed).containsExactlyElementsOf(plain);
        assertThat(packed.get(0).path("fieldsV1").path("f:spec").has("f:replicas")).isTrue();
        assertThat(packed.get(99)).isNull();
        assertThat(packed.at("/0/manager").asText()).isEqualTo("kubectl \"ü\"");
        JsonNode tree = Trees.JSON.valueToTree(holding(packed));
        assertThat(tree).isEqualTo(holding(plain));
    }

    @Test
    void itEqualsWhatItWasMadeOf() {
        assertThat(packed).isEqualTo(plain).hasSameHashCodeAs(plain);
        assertThat(plain).isEqualTo(packed);
        assertThat(packed).isEqualTo(PackedArray.of(plain.deepCopy()));
        assertThat(packed).isNotEqualTo(PackedArray.of(Trees.array().add(1)));
        assertThat(PackedArray.of(packed)).isSameAs(packed);
    }

    @Test
    void aCopyCanBeChangedAndItselfCannot() {
        ArrayNode copy = packed.deepCopy();

        copy.removeAll().add("new");

        assertThat(packed).isEqualTo(plain);
        assertThatThrownBy(() -> packed.add("new"))
                .isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(packed::removeAll).isInstanceOf(UnsupportedOperationException.class);
    }
}

package io.weir.extproc.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;

import io.weir.body.BodyFacts;
import io.weir.body.ByteRange;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

class BodyBufferTest {

    private static final String BODY =
            """
            {"model":"m","messages":[{"role":"user","content":"rivers"},\
            {"role":"user","content":"and pools"}]}\
            """;

    private final HeldBytes held = new HeldBytes(1_000);
    private final BodyBuffer buffer = BodyBuffer.reading(1_000, held);

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 50, 1_000})
    void thePromptIsFoundInPiecesOfAnyLength(int length) throws Exception {
        // Given
        ByteString body = ByteString.copyFromUtf8(BODY);
        for (int at = 0; at < body.size(); at += length) {
            buffer.add(body.substring(at, Math.min(at + length, body.size())));
        }

        // When
        BodyFacts facts = Objects.requireNonNull(buffer.facts());

        // Then
        assertThat(text(buffer.views(facts.promptRanges()))).isEqualTo("riversand pools");
        assertThat(buffer.bytes()).isEqualTo(body);
    }

    @Test
    void piecesThatAreMadeOfPiecesAreReadInOrder() {
        ByteString body = ByteString.copyFromUtf8(BODY);
        ByteString ropes = ByteString.EMPTY;
        for (int round = 0; round < 20; round++) {
            ropes = ropes.concat(body.substring(0, 40));
        }

        buffer.add(ropes);

        assertThat(text(buffer.views(List.of(new ByteRange(0, 800)))))
                .isEqualTo(BODY.substring(0, 40).repeat(20));
    }

    @Test
    void whatIsReleasedIsGivenBack() {
        buffer.add(ByteString.copyFromUtf8(BODY));

        buffer.release();
        buffer.release();

        assertThat(held.held()).isZero();
        assertThat(buffer.bytes()).isEmpty();
    }

    private static String text(List<ByteBuffer> views) {
        return views.stream()
                .map(view -> StandardCharsets.UTF_8.decode(view.duplicate()).toString())
                .collect(Collectors.joining());
    }
}

package io.weir.body;

import static io.weir.body.Bodies.bytes;
import static io.weir.body.Bodies.texts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;

/** Bodies of which only the beginning comes. */
class BodyPartTest {

    private static BodyFacts part(String text) throws BodyException {
        BodyScanner scanner = new BodyScanner(BodyLimits.DEFAULTS);
        scanner.feed(ByteBuffer.wrap(bytes(text)));
        return scanner.finishPart();
    }

    @Test
    void aWholeBodyReadsAsUsual() throws Exception {
        String body = "{\"prompt\":\"a\",\"model\":\"m\",\"stream\":true} ";

        assertThat(part(body)).isEqualTo(Bodies.scan(body));
    }

    @Test
    void aPromptThatIsCutCountsUpToTheCut() throws Exception {
        // Given
        String body =
                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"first\"},"
                        + "{\"content\":[{\"type\":\"text\",\"text\":\"once upon";

        // When
        BodyFacts facts = part(body);

        // Then
        assertThat(facts.model()).isEqualTo("m");
        assertThat(texts(bytes(body), facts)).containsExactly("first", "once upon");
        assertThat(facts.promptTokensEstimate())
                .isEqualTo(Bodies.scan(body + "\"}]}]}").promptTokensEstimate());
    }

    @Test
    void tokensThatAreCutCountUpToTheCut() throws Exception {
        String body = "{\"model\":\"m\",\"prompt\":[[1,2],[34,5";

        assertThat(texts(bytes(body), part(body))).containsExactly("1,2", "34,5");
    }

    @Test
    void whatStandsBehindTheCutReadsAsAbsent() throws Exception {
        BodyFacts facts = part("{\"model\":\"m\",\"user\":\"alice\",\"max_tokens\":1");

        assertThat(facts.user()).isEqualTo("alice");
        assertThat(facts.maxTokens()).isEqualTo(-1);
        assertThat(facts.stream()).isFalse();
    }

    @Test
    void everyCutThroughABodyIsEitherReadOrRefusedForItsModel() throws Exception {
        String body =
                "{\"max_tokens\":12,\"model\":\"m\\u00e9\",\"tools\":[{\"a\":null}],"
                        + "\"messages\":[{\"content\":\"\\n\u00e9\u20ac\"}],\"stream\":true}";
        byte[] bytes = bytes(body);
        int named = body.indexOf(",\"tools\"");

        for (int end = 0; end < bytes.length; end++) {
            BodyScanner scanner = new BodyScanner(BodyLimits.DEFAULTS);
            scanner.feed(ByteBuffer.wrap(bytes, 0, end));
            if (end < named) {
                assertThatThrownBy(scanner::finishPart)
                        .isInstanceOf(BodyException.class)
                        .hasMessageContaining("'model' is not found in the first " + end);
            } else {
                BodyFacts facts = scanner.finishPart();
                assertThat(facts.model()).isEqualTo("m\u00e9");
                assertThat(facts.promptRanges())
                        .allMatch(range -> range.start() < range.end())
                        .allMatch(range -> range.end() <= facts.bodyBytes());
            }
        }
    }

    @Test
    void whatIsWrongUpToTheCutIsRefused() {
        assertThatThrownBy(() -> part("{\"model\":\"m\",\"model\":\"n\",\"prompt\":\""))
                .hasMessage("Request body is refused: 'model' occurs twice");
        assertThatThrownBy(() -> part("{\"model\":\"m\"}}"))
                .hasMessageContaining("expected the end of the body at byte 13");
    }
}

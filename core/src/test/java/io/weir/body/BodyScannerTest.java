package io.weir.body;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

class BodyScannerTest {

    @Test
    void readsTheFactsOfAChatRequest() throws BodyException {
        // Given
        byte[] body =
                Bodies.bytes(
                        """
                        {"messages":[{"role":"system","content":"Be brief."},
                         {"role":"user","content":[{"type":"text","text":"Who are you?"}]}],
                         "model": "llama-3", "stream":true, "stream_options":{"include_usage":true},
                         "max_tokens": 10, "max_completion_tokens": 20, "user":"ann",
                         "cache_salt":"s", "metadata":{"model":"other"}}
                        """);

        // When
        BodyFacts facts = Bodies.scan(body);

        // Then
        assertThat(facts.model()).isEqualTo("llama-3");
        assertThat(Bodies.text(body, facts.modelRange())).isEqualTo("\"llama-3\"");
        assertThat(facts.insertAt()).isEqualTo(new ByteRange(1, 1));
        assertThat(facts.emptyObject()).isFalse();
        assertThat(facts.stream()).isTrue();
        assertThat(facts.includeUsage()).isTrue();
        assertThat(facts.maxTokens()).isEqualTo(20);
        assertThat(Bodies.texts(body, facts)).containsExactly("Be brief.", "Who are you?");
        assertThat(facts.user()).isEqualTo("ann");
        assertThat(facts.cacheSalt()).isEqualTo("s");
        assertThat(facts.bodyBytes()).isEqualTo(body.length);
    }

    @Test
    void theEmptyObjectHasNoFacts() throws BodyException {
        assertThat(Bodies.scan(" {} "))
                .usingRecursiveComparison()
                .isEqualTo(
                        new BodyFacts(
                                null,
                                new ByteRange(0, 0),
                                new ByteRange(2, 2),
                                true,
                                false,
                                false,
                                -1,
                                java.util.List.of(),
                                0,
                                null,
                                null,
                                4));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "{\"mod\\u0065l\":\"x\"} | x",
                "{\"a\":{\"model\":\"y\"},\"model\":\"x\"} | x",
                "{\"model\":\"a\\u00e9\\ud83d\\ude00\\n\"} | control",
                "{\"model\":\"a\\u00e9\\ud83d\\ude00\"} | aé😀",
                "{\"Model\":\"x\"} | null",
                "{\"model\":null} | null",
                "{\"model\":\"\"} | null",
                "{\"model\":\"a/b\\/c\"} | a/b/c",
                "{\"model\":\"x\",\"mod\\u0065l\":\"y\"} | 'model' occurs twice",
                "{\"model\":null,\"model\":\"y\"} | 'model' occurs twice",
                "{\"stream\":true,\"stream\":false} | 'stream' occurs twice",
                "{\"max_tokens\":1,\"max_tokens\":2} | 'max_tokens' occurs twice",
                "{\"model\":7} | 'model' must be a string",
                "{\"model\":true} | 'model' must be a string",
                "{\"model\":{}} | 'model' must be a string",
                "{\"model\":[\"x\"]} | 'model' must be a string",
                "{\"model\":\"\\ud83d\"} | half a surrogate pair",
                "{\"model\":\"\\ude00x\"} | half a surrogate pair",
                "{\"model\":\"\\ud83dx\"} | half a surrogate pair",
                "{\"model\":\"\\u0000\"} | control",
            })
    void settlesWhatTheModelIs(String body, String expected) {
        String outcome;
        try {
            outcome = String.valueOf(Bodies.scan(body).model());
        } catch (BodyException e) {
            outcome = e.getMessage();
        }

        assertThat(outcome).contains(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "{\"model\":\"x\" \"a\":1} | expected ',' or '}' at byte 13",
                "[] | expected '{' at byte 0",
                "{} x | expected the end of the body at byte 3",
                "{}{} | expected the end of the body at byte 2",
                "{\"a\":1,} | expected '\"' at byte 7",
                "{\"a\":[1,]} | expected a value at byte 8",
                "{\"a\":01} | expected ',' or '}' at byte 6",
                "{\"a\":-} | expected a digit at byte 6",
                "{\"a\":1.} | expected a digit at byte 7",
                "{\"a\":NaN} | expected a value at byte 5",
                "{\"a\":nul} | invalid literal at byte 8",
                "{'a':1} | expected '\"' or '}' at byte 1",
                "{\"a\":\"\\x\"} | invalid escape in a string at byte 7",
                "{\"a\" | ends at byte 4 where ':' is expected",
                "{\"a\":\"x | ends at byte 7 where the end of a string is expected",
            })
    void saysWhatIsWrongAndWhere(String body, String message) {
        assertThatThrownBy(() -> Bodies.scan(body))
                .isInstanceOf(BodyException.class)
                .hasMessageStartingWith("Request body is not valid JSON: ")
                .hasMessageEndingWith(message);
    }

    @ParameterizedTest
    @ValueSource(ints = {99, 100, 101})
    void acceptsAHundredLevels(int depth) {
        String body = "{\"a\":" + "[".repeat(depth - 1) + "]".repeat(depth - 1) + "}";

        if (depth <= 100) {
            assertThat(catchScan(body)).isNull();
        } else {
            assertThat(catchScan(body)).hasMessageContaining("nesting deeper than 100 at byte 104");
        }
    }

    @Test
    void leavesTheSlicesAsTheyWereExceptForTheirPosition() {
        // Given
        ByteBuffer slice =
                ByteBuffer.wrap("{}".getBytes(StandardCharsets.UTF_8)).order(ByteOrder.BIG_ENDIAN);

        // When
        ScanState state = new BodyScanner(BodyLimits.DEFAULTS).feed(slice);

        // Then
        assertThat(state).isEqualTo(ScanState.DONE);
        assertThat(slice.order()).isEqualTo(ByteOrder.BIG_ENDIAN);
        assertThat(slice.hasRemaining()).isFalse();
    }

    @Test
    void knowsTheModelBeforeTheBodyEnds() {
        // Given
        BodyScanner scanner = new BodyScanner(BodyLimits.DEFAULTS);

        // When
        ScanState state = scanner.feed(ByteBuffer.wrap(Bodies.bytes("{\"model\":\"x\",")));

        // Then
        assertThat(state).isEqualTo(ScanState.MORE);
        assertThat(scanner.modelSoFar()).isEqualTo("x");
    }

    private static @Nullable BodyException catchScan(String body) {
        try {
            Bodies.scan(body);
            return null;
        } catch (BodyException e) {
            return e;
        }
    }
}

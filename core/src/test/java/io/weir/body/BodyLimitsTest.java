package io.weir.body;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;

class BodyLimitsTest {

    private static final int MAX_BODY = 20 << 20;
    private static final BodyLimits SMALL = new BodyLimits(3, 40, 8, 10);

    @Test
    void aModelOfTheLongestLengthPassesAndALongerOneNot() throws BodyException {
        byte[] longest = Bodies.bytes("{\"model\":\"abcd\\u00e9é\"}");
        byte[] longer = Bodies.bytes("{\"model\":\"abcde\\u00e9é\"}");

        assertThat(Bodies.scanBytewise(longest, SMALL).model()).isEqualTo("abcdéé");
        assertThatThrownBy(() -> Bodies.scanBytewise(longer, SMALL))
                .hasMessage("Request body is refused: 'model' must not be longer than 8 bytes");
        assertThatThrownBy(() -> Bodies.scan(longer, SMALL, longer.length))
                .hasMessage("Request body is refused: 'model' must not be longer than 8 bytes");
    }

    @ParameterizedTest
    @CsvSource({"40,true", "41,false", "4000,false"})
    void aKeyOfTheLongestLengthPassesAndALongerOneNot(int length, boolean passes) {
        byte[] body = Bodies.bytes("{\"" + "k".repeat(length) + "\":1}");
        byte[] nested = Bodies.bytes("{\"a\":{\"" + "k".repeat(length) + "\":1}}");

        for (byte[] each : new byte[][] {body, nested}) {
            for (int split = 0; split <= each.length; split += 13) {
                int at = split;
                if (passes) {
                    assertThat(catching(each, at)).isEmpty();
                } else {
                    assertThat(catching(each, at)).contains("a key longer than 40 bytes at byte");
                }
            }
        }
    }

    @Test
    void aLongKeyIsRefusedBeforeItEnds() {
        BodyScanner scanner = new BodyScanner(SMALL);

        scanner.feed(ByteBuffer.wrap(Bodies.bytes("{\"")));
        ScanState state = scanner.feed(ByteBuffer.wrap(Bodies.bytes("k".repeat(60))));

        assertThat(state).isEqualTo(ScanState.REJECTED);
    }

    @Test
    void aLongUserIsCut() throws BodyException {
        String user = "u".repeat(5_000);

        assertThat(Bodies.scan("{\"user\":\"" + user + "\"}").user()).isEqualTo("u".repeat(1_024));
    }

    @Test
    void memoryDoesNotGrowWithTheBody() throws BodyException {
        // Given
        BodyScanner scanner = new BodyScanner(BodyLimits.DEFAULTS);
        ByteBuffer head =
                Bodies.direct(Bodies.bytes("{\"model\":\"m\",\"messages\":[{\"content\":\""));
        ByteBuffer text = Bodies.direct(Bodies.bytes("All work and no play é中. ".repeat(600)));
        ByteBuffer tail = Bodies.direct(Bodies.bytes("\"}],\"x" + "y".repeat(60_000) + "\":[]}"));
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

        // When
        scanLong(scanner, head, text, tail);
        long before = threads.getCurrentThreadAllocatedBytes();
        BodyFacts facts = scanLong(scanner, head, text, tail);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        // Then
        assertThat(facts.model()).isEqualTo("m");
        assertThat(facts.bodyBytes()).isGreaterThan(MAX_BODY);
        assertThat(facts.promptRanges()).hasSize(1);
        assertThat(allocated).isLessThan(16_384);
    }

    private static BodyFacts scanLong(
            BodyScanner scanner, ByteBuffer head, ByteBuffer text, ByteBuffer tail)
            throws BodyException {
        scanner.reset();
        scanner.feed(head.rewind());
        for (long sent = 0; sent < MAX_BODY; sent += text.capacity()) {
            scanner.feed(text.rewind());
        }
        scanner.feed(tail.rewind());
        return scanner.finish();
    }

    private static String catching(byte[] body, int split) {
        try {
            Bodies.scan(body, SMALL, split);
            return "";
        } catch (BodyException e) {
            return String.valueOf(e.getMessage());
        }
    }
}

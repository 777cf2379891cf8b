package io.weir.proxy.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.weir.body.EventEnds;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Ends of events, for all short texts, in every two pieces. */
class EventStreamTest {

    private static final int MOST_CHARS = 7;

    private static List<String> texts() {
        List<String> texts = new ArrayList<>(List.of(""));
        for (int i = 0; i < texts.size(); i++) {
            String text = texts.get(i);
            if (text.length() < MOST_CHARS) {
                texts.addAll(List.of(text + "x", text + "\n", text + "\r"));
            }
        }
        return texts;
    }

    private static boolean isBetween(String text) {
        String stream = "\n\n" + text;
        return stream.replace("\r\n", "\n").replace('\r', '\n').endsWith("\n\n")
                && !stream.endsWith("\n\r");
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    }

    @Test
    void aStreamIsBetweenEventsAfterABlankLine() {
        for (String text : texts()) {
            for (int cut = 0; cut <= text.length(); cut++) {
                int last = EventStream.after(EventEnds.BEGINNING, bytes(text.substring(0, cut)));
                last = EventStream.after(last, bytes(text.substring(cut)));

                assertThat(EventEnds.isBetweenEvents(last))
                        .as("'%s' cut at %d", text, cut)
                        .isEqualTo(isBetween(text));
            }
        }
    }

    @Test
    void theRestOfAnEventReachesToTheFirstBlankLine() {
        String beginning = "data: 1";
        int last = EventStream.after(EventEnds.BEGINNING, bytes(beginning));
        for (String text : texts()) {
            int expected = 0;
            while (expected <= text.length()
                    && !isBetween(beginning + text.substring(0, expected))) {
                expected++;
            }

            assertThat(EventStream.restOfEvent(last, bytes(text)))
                    .as("'%s'", text)
                    .isEqualTo(expected > text.length() ? -1 : expected);
        }
    }
}

package io.weir.body;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.function.Supplier;

class UsageReaderTest {

    private static final long SEED = Long.getLong("weir.test.seed", 20261121L);

    private static final String CHAT =
            """
            data: {"id":"c","object":"chat.completion.chunk","choices":[{"delta":{"content":"a"}}]}

            data: {"choices":[{"delta":{"content":"\\"usage\\": {\\"prompt_tokens\\":9}"}}],"usage":null}

            : a comment with "usage":{"prompt_tokens":9}

            data: {"choices":[],"usage":{"prompt_tokens":11,"total_tokens":13,"completion_tokens":2,
            data: "prompt_tokens_details":{"cached_tokens":8,"audio_tokens":1}}}

            data: [DONE]

            """;

    private static final String RESPONSES =
            """
            event: response.created
            data: {"type":"response.created","response":{"id":"resp_1","usage":null}}

            event: response.output_text.delta
            data: {"type":"response.output_text.delta","delta":"usage"}

            event: response.completed
            data: {"type":"response.completed","response":{"usage":{"input_tokens":5,
            data: "input_tokens_details":{"cached_tokens":4},"output_tokens":6,"output_tokens_details":
            data: {"reasoning_tokens":3},"total_tokens":11}}}

            """;

    private static final String MESSAGES =
            """
            event: message_start
            data: {"type":"message_start","message":{"usage":{"input_tokens":25,\
            "cache_creation_input_tokens":10,"cache_read_input_tokens":100,"output_tokens":1,\
            "service_tier":"standard"}}}

            event: ping
            data: {"type": "ping"}

            event: message_delta
            data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":15}}

            event: message_stop
            data: {"type":"message_stop"}

            """;

    /** Everything that a reader says. */
    private record Reading(Usage usage, int events, boolean done) {

        static Reading of(UsageReader reader) {
            return new Reading(reader.usage(), reader.events(), reader.sawDone());
        }
    }

    @Test
    void readsTheUsageOfEachStreamingApi() {
        assertThat(read(UsageReader.sse(), CHAT))
                .isEqualTo(new Reading(new Usage(11, 2, 13, 8), 3, true));
        assertThat(read(UsageReader.sse(), RESPONSES))
                .isEqualTo(new Reading(new Usage(5, 6, 11, 4), 3, true));
        assertThat(read(UsageReader.sse(), MESSAGES))
                .isEqualTo(new Reading(new Usage(135, 15, 150, 100), 4, true));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'choices':[{'text':'x'}],'usage':{'prompt_tokens':1,'completion_tokens':2,"
                        + "'total_tokens':3}} | 1,2,3,-1",
                "{'usage': {'prompt_tokens': 1, 'total_tokens': 1}, 'data':[0.1,-0.2]} | 1,-1,1,-1",
                "{'usage':{'input_tokens':1,'output_tokens':2}} | 1,2,3,-1",
                "{'usage':{'prompt_tokens':9,'prompt_tokens_details':null}} | 9,-1,-1,-1",
                "{'usage':{'prompt_token_details':{'cached_tokens':3}}} | -1,-1,-1,3",
                "{'usage':{'prompt_tokens':'9','completion_tokens':-1,'total_tokens':1.5}}"
                        + " | -1,-1,-1,-1",
                "{'usage':null} | -1,-1,-1,-1",
                "{'usage':[{'prompt_tokens':1}]} | -1,-1,-1,-1",
                "{'usage':'usage','x':'usage'} | -1,-1,-1,-1",
                "{'text':'usage','prompt_tokens':1} | -1,-1,-1,-1",
                "{'usage' ~: {'prompt_tokens' : 7 , 'a':[{'prompt_tokens':8}]}} | 7,-1,-1,-1",
                "{'usagg':{'prompt_tokens':7},'usage2':{'prompt_tokens':7}} | -1,-1,-1,-1",
                "{'usage':{'prompt_tokens':1,,},'usage':{'completion_tokens':2}} | 1,2,3,-1",
                "{'usage':{'prompt_tokens':1},'usage':{'completion_tokens':2}} | 1,2,3,-1",
                "{'error':{'message':'no','code':404}} | -1,-1,-1,-1",
                "'' | -1,-1,-1,-1",
            })
    void readsTheUsageOfJsonAnswersHoweverTheyAreCut(String json, String usage) {
        String body = json.replace("''", "").replace('\'', '"').replace('~', '\n');
        String[] expected = usage.split(",");

        everySplit(UsageReader::json, body, new Reading(usageOf(expected), 0, false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void anySplitAndAnyLineEndGiveTheSame(String lineEnd) {
        everySplit(
                UsageReader::sse,
                CHAT.replace("\n", lineEnd),
                new Reading(new Usage(11, 2, 13, 8), 3, true));
        everySplit(
                UsageReader::sse,
                RESPONSES.replace("\n", lineEnd),
                new Reading(new Usage(5, 6, 11, 4), 3, true));
        everySplit(
                UsageReader::sse,
                MESSAGES.replace("\n", lineEnd),
                new Reading(new Usage(135, 15, 150, 100), 4, true));
    }

    @Test
    void theLastReportCountsWhenEveryChunkHasOne() {
        StringBuilder stream = new StringBuilder();
        for (int i = 1; i <= 20; i++) {
            stream.append("data:{\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":")
                    .append(i)
                    .append("}}\n\n");
        }

        assertThat(read(UsageReader.sse(), stream.toString()))
                .isEqualTo(new Reading(new Usage(5, 20, 25, -1), 20, false));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "data: [DONE] | true",
                "data:[DONE] | true",
                "data: [DONE~ | false",
                "data: [1,2]~~ | false",
                "event: message_stop~ | false",
                "event: message_stop~data: {}~~ | true",
                "event:response.failed~data: {}~~ | true",
                "event: message_stopped~data: {}~~ | false",
                "event: a.very.long.name.that.ends.in.message_stop~data: {}~~ | false",
                "id: message_stop~data: {}~~ | false",
                "event~~ | false",
                "event: ping~event:~~ | false",
                "data: {\"a\":\"[DONE]\"}~~ | false",
            })
    void knowsTheEndOfAStream(String stream, boolean done) {
        everyReading(stream.replace('~', '\n'), done);
    }

    @Test
    void anUnfinishedUsageObjectDoesNotSpoilTheNextEvent() {
        String stream =
                """
                data: {"usage":{"prompt_tokens":1

                data: {"usage":{"prompt_tokens":2}}

                """;

        assertThat(read(UsageReader.sse(), stream).usage()).isEqualTo(new Usage(2, -1, -1, -1));
    }

    @Test
    void survivesAnyBytes() {
        // Given
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < 2_000; i++) {
            byte[] bytes = Bodies.bytes(CHAT + MESSAGES);
            for (int damage = random.nextInt(20); damage > 0; damage--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }

            // When
            UsageReader whole = UsageReader.sse();
            whole.feed(ByteBuffer.wrap(bytes));
            UsageReader bytewise = UsageReader.sse();
            for (int at = 0; at < bytes.length; at++) {
                bytewise.feed(ByteBuffer.wrap(bytes, at, 1));
            }

            // Then
            assertThat(Reading.of(bytewise))
                    .as("seed %d, stream %d", SEED, i)
                    .isEqualTo(Reading.of(whole));
        }
    }

    @Test
    void memoryDoesNotGrowWithTheLine() {
        // Given
        UsageReader reader = UsageReader.sse();
        ByteBuffer start = Bodies.direct(Bodies.bytes("data: {\"image\":\""));
        ByteBuffer part = Bodies.direct(Bodies.bytes("gggg\\\"usage\\\":{".repeat(1_000)));
        ByteBuffer end = Bodies.direct(Bodies.bytes("\",\"usage\":{\"prompt_tokens\":3}}\n\n"));
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        reader.feed(part.duplicate());
        long before = threads.getCurrentThreadAllocatedBytes();

        // When
        reader.feed(ByteBuffer.wrap(Bodies.bytes("\n\n")));
        reader.feed(start);
        for (int i = 0; i < 1_000; i++) {
            reader.feed(part.rewind());
        }
        reader.feed(end);

        // Then
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(4_096);
        assertThat(reader.usage().promptTokens()).isEqualTo(3);
        assertThat(reader.events()).isEqualTo(1);
    }

    private static void everyReading(String stream, boolean done) {
        for (int split = 0; split <= stream.length(); split++) {
            UsageReader reader = UsageReader.sse();
            feed(reader, stream, split);
            assertThat(reader.sawDone()).as("split at %d", split).isEqualTo(done);
        }
    }

    private static void everySplit(Supplier<UsageReader> readers, String body, Reading expected) {
        for (int split = 0; split <= body.length(); split++) {
            UsageReader reader = readers.get();
            feed(reader, body, split);
            assertThat(Reading.of(reader)).as("split at %d", split).isEqualTo(expected);
        }
        UsageReader bytewise = readers.get();
        for (byte each : Bodies.bytes(body)) {
            bytewise.feed(ByteBuffer.wrap(new byte[] {each}));
        }
        assertThat(Reading.of(bytewise)).as("byte by byte").isEqualTo(expected);
    }

    private static void feed(UsageReader reader, String ascii, int split) {
        byte[] bytes = Bodies.bytes(ascii);
        reader.feed(ByteBuffer.wrap(bytes, 0, split));
        reader.feed(Bodies.direct(bytes).position(split));
    }

    private static Reading read(UsageReader reader, String body) {
        reader.feed(ByteBuffer.wrap(Bodies.bytes(body)));
        return Reading.of(reader);
    }

    private static Usage usageOf(String[] numbers) {
        return new Usage(
                Long.parseLong(numbers[0]),
                Long.parseLong(numbers[1]),
                Long.parseLong(numbers[2]),
                Long.parseLong(numbers[3]));
    }
}

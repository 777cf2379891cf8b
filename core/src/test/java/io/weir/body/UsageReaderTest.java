package io.weir.body;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;

class UsageReaderTest {

    @Test
    void readsTheUsageOfAJsonAnswer() {
        UsageReader reader = UsageReader.json();

        reader.feed(
                ByteBuffer.wrap(
                        Bodies.bytes(
                                """
                                {"choices":[{"message":{"content":"\\"usage\\": {"}}],
                                 "usage": {"prompt_tokens":7,"total_tokens":12,
                                 "completion_tokens":5,
                                 "prompt_tokens_details":{"cached_tokens":4}}}\
                                """)));

        assertThat(reader.usage()).isEqualTo(new Usage(7, 5, 12, 4));
    }

    @Test
    void readsTheUsageOfAStream() {
        UsageReader reader = UsageReader.sse();

        reader.feed(
                ByteBuffer.wrap(
                        Bodies.bytes(
                                """
                                data: {"choices":[{"delta":{"content":"a"}}],"usage":null}

                                data: {"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2}}

                                data: [DONE]

                                """)));

        assertThat(reader.usage()).isEqualTo(new Usage(1, 2, 3, -1));
        assertThat(reader.events()).isEqualTo(2);
        assertThat(reader.sawDone()).isTrue();
    }
}

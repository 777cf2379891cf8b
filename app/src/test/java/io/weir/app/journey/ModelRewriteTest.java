package io.weir.app.journey;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.app.CommandFailure;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/** Model rewrites: aliases, a canary within a pool, and a fallback for every other model. */
class ModelRewriteTest {

    private final WeirRunner weir = start();

    private static WeirRunner start() {
        try {
            return WeirRunner.up("-f", WeirRunner.example("model-rewrite").toString());
        } catch (CommandFailure e) {
            throw new AssertionError(e);
        }
    }

    @AfterEach
    void close() {
        weir.close();
    }

    @Test
    void anAliasIsAnsweredByTheModelBehindIt() {
        assertThat(weir.chat("qwen").model()).isEqualTo("Qwen/Qwen3-32B");
    }

    @Test
    void everyOtherModelAndNoneIsAnsweredByTheFallback() {
        assertThat(weir.chat("made-up").model()).isEqualTo("Qwen/Qwen3-32B");
        Answer unnamed =
                weir.post(
                        "/v1/chat/completions",
                        """
                        {"messages": [{"role": "user", "content": "Hello"}]}\
                        """);
        assertThat(unnamed.status()).as(unnamed.body()).isEqualTo(200);
        assertThat(unnamed.model()).isEqualTo("Qwen/Qwen3-32B");
    }

    @Test
    void anExactMatchGoesBeforeTheFallback() {
        assertThat(weir.chat("small-segment-lora").model()).startsWith("small-segment-lora-v");
    }

    @Test
    void aCanaryTakesItsShareAndGoesOnlyToServersThatCarryIt() {
        List<Answer> canaries = new ArrayList<>();
        int requests = 100;
        for (int i = 0; i < requests; i++) {
            Answer answer = weir.chat("small-segment-lora");
            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
            if (answer.model().equals("small-segment-lora-v2")) {
                canaries.add(answer);
            }
        }

        assertThat(canaries.size()).isBetween(9, 11);
        assertThat(canaries)
                .allSatisfy(answer -> assertThat(answer.pod()).startsWith("vllm-qwen3-32b-next-"));
    }
}

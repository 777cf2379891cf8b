package io.weir.app.journey;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.file.Files;
import java.nio.file.Path;

/** A server that fails before any byte of an answer is not noticed by clients. */
class FallbackTest {

    private static final int REQUESTS = 50;

    @TempDir Path folder;

    @Test
    void theExampleAnswersEveryRequestThoughOneServerIsDown() throws Exception {
        try (WeirRunner weir = WeirRunner.up("-f", WeirRunner.example("fallback").toString())) {
            for (int i = 0; i < REQUESTS; i++) {
                assertThat(weir.chat("food-review-1").status()).isEqualTo(200);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(FailingServer.Failure.class)
    void theNextServerAnswersWhenTheFirstOneFails(FailingServer.Failure failure) throws Exception {
        WeirRunner.copyOf("fallback", folder);
        try (FailingServer failing = FailingServer.start(failure)) {
            // The example's down server, with an address where something fails in its own way
            Path servers = folder.resolve("servers.yaml");
            String all = Files.readString(servers);
            Files.writeString(servers, all.substring(all.indexOf("---\n")));
            Path endpoints = folder.resolve("endpoints.yaml");
            Files.writeString(
                    endpoints,
                    """
                    endpoints:
                    - name: failing
                      address: 127.0.0.1
                      port: "%d"
                      labels: {app: vllm-llama3-8b-instruct}
                    """
                            .formatted(failing.port()));
            try (WeirRunner weir =
                    WeirRunner.up(
                            "-f", folder.toString(), "--endpoints-file", endpoints.toString())) {
                for (int i = 0; i < REQUESTS; i++) {
                    Answer answer = ask(weir, i);
                    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
                    assertThat(answer.pod()).startsWith("vllm-llama3-8b-instruct-");
                }
            }
            assertThat(failing.requests()).as("requests that failed at first").isPositive();
        }
    }

    /** Asks something else each time, so that no server is preferred for what it remembers. */
    private static Answer ask(WeirRunner weir, int number) {
        return weir.post(
                "/v1/chat/completions",
                """
                {"model": "meta-llama/Llama-3.1-8B-Instruct",
                 "messages": [{"role": "user", "content": "%s"}]}\
                """
                        .formatted(("question " + number + " ").repeat(50)));
    }
}

package io.weir.app.journey;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a newcomer does first. */
class TourTest {

    private static final Pattern CURL =
            Pattern.compile("curl -sN? http://127\\.0\\.0\\.1:\\d+(\\S+) -H '.*' -d '(.*)'");

    @Test
    void itsThreeRequestsAreAnswered() throws Exception {
        try (WeirRunner weir = WeirRunner.up("-f", WeirRunner.example("tour").toString())) {
            assertThat(weir.err()).isEmpty();
            assertThat(weir.program().summary().requests()).hasSize(3);
            for (String command : weir.program().summary().requests()) {
                Matcher request = CURL.matcher(command);
                assertThat(request.matches()).as(command).isTrue();

                Answer answer = weir.post(request.group(1), request.group(2));

                assertThat(answer.status()).as(answer.body()).isEqualTo(200);
                assertThat(answer.pod()).isNotEmpty();
            }
        }
    }

    @Test
    void itsAdminPagesTellWhatRuns() throws Exception {
        try (WeirRunner weir = WeirRunner.up("-f", WeirRunner.example("tour").toString())) {
            weir.chat("movie-guide");

            assertThat(weir.admin("/readyz").status()).isEqualTo(200);
            assertThat(weir.admin("/livez").status()).isEqualTo(200);
            assertThat(weir.admin("/metrics").body())
                    .contains("inference_objective_request_total{model_name=\"movie-guide\"")
                    .contains("inference_pool_ready_pods{name=\"vllm-deepseek-r1\"} 2.0")
                    .contains("jvm_memory_used_bytes");
            assertThat(weir.admin("/config").json().path("pools").size()).isEqualTo(2);
        }
    }

    @Test
    void aStreamArrivesAsEvents() throws Exception {
        try (WeirRunner weir = WeirRunner.up("-f", WeirRunner.example("tour").toString())) {
            Answer answer =
                    weir.post(
                            "/v1/chat/completions",
                            """
                            {"model": "food-review-1", "stream": true,
                             "messages": [{"role": "user", "content": "Hello"}]}\
                            """);

            assertThat(answer.body()).startsWith("data: {").endsWith("data: [DONE]\n\n");
        }
    }
}

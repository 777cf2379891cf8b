package io.weir.app.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** One pool takes every request at first; a second one joins it while requests are answered. */
class SecondPoolTest {

    private static final Duration SOON = Duration.ofSeconds(10);
    private static final String HEADERS =
            """
                  headers:
                  - type: Exact
                    name: X-Gateway-Base-Model-Name
                    value: meta-llama/Llama-3.1-8B-Instruct
            """;

    @TempDir Path folder;

    @Test
    void aSecondPoolJoinsTheFirstOneWhileItServes() throws Exception {
        onlyTheFirstPool();
        try (WeirRunner weir = WeirRunner.up("-f", folder.toString())) {
            assertThat(weir.chat("food-review-1").status()).isEqualTo(200);
            assertThat(weir.chat("movie-critique").status()).isEqualTo(404);

            for (String file : List.of("servers", "pools", "models", "httproutes")) {
                write(file, example(file));
                assertThat(weir.chat("food-review-1").status()).isEqualTo(200);
            }

            await().atMost(SOON).until(() -> weir.chat("movie-critique").status() == 200);
            for (String model : List.of("deepseek/vllm-deepseek-r1", "ski-resorts")) {
                assertThat(weir.completion(model).pod()).startsWith("vllm-deepseek-r1-");
            }
            for (String model : List.of("meta-llama/Llama-3.1-8B-Instruct", "food-review-1")) {
                assertThat(weir.completion(model).pod()).startsWith("vllm-llama3-8b-instruct-");
            }
        }
    }

    private void onlyTheFirstPool() throws IOException {
        write("gateway", example("gateway"));
        write("servers", first("servers"));
        write("pools", first("pools"));
        assertThat(first("httproutes")).contains(HEADERS);
        write("httproutes", first("httproutes").replace(HEADERS, ""));
    }

    private static String first(String file) throws IOException {
        return example(file).split("(?m)^---$", -1)[0];
    }

    private static String example(String file) throws IOException {
        return Files.readString(WeirRunner.example("several-pools").resolve(file + ".yaml"));
    }

    private void write(String file, String text) throws IOException {
        Files.writeString(folder.resolve(file + ".yaml"), text);
    }
}

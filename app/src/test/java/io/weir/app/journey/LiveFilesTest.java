package io.weir.app.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Files that change, break, appear and vanish while the program serves. */
class LiveFilesTest {

    private static final Duration SOON = Duration.ofSeconds(10);

    @TempDir Path folder;

    @Test
    void aFileThatBecomesInvalidKeepsWhatItSaidAndTheProblemIsTold() throws Exception {
        WeirRunner.copyOf("model-rewrite", folder);
        Path alias = folder.resolve("alias.yaml");
        try (WeirRunner weir = WeirRunner.up("-f", folder.toString())) {
            String good = Files.readString(alias);
            Files.writeString(alias, good.replace("modelRewrite: Qwen/Qwen3-32B", "weight: many"));
            await().atMost(SOON).until(() -> weir.err().contains("InferenceModelRewrite"));

            assertThat(weir.err())
                    .contains("alias.yaml:")
                    .contains("InferenceModelRewrite default/qwen-alias spec.rules[0].targets[0]")
                    .contains("stays as it was loaded before");
            assertThat(weir.chat("qwen").model()).isEqualTo("Qwen/Qwen3-32B");

            Files.writeString(
                    alias,
                    good.replace(
                            "modelRewrite: Qwen/Qwen3-32B", "modelRewrite: small-segment-lora-v1"));
            await().atMost(SOON).until(() -> weir.out().contains("qwen-alias changed"));
            assertThat(weir.chat("qwen").model()).isEqualTo("small-segment-lora-v1");
        }
    }

    @Test
    void aRemovedFileTakesItsObjectsAlongAndANewOneBringsThemBack() throws Exception {
        WeirRunner.copyOf("replace-a-pool", folder);
        Path route = folder.resolve("httproute.yaml");
        String text = Files.readString(route);
        try (WeirRunner weir = WeirRunner.up("-f", folder.toString())) {
            assertThat(weir.chat("food-review-1").status()).isEqualTo(200);

            Files.delete(route);
            await().atMost(SOON).until(() -> weir.out().contains("llm-route removed"));
            assertThat(weir.chat("food-review-1").status()).isEqualTo(404);

            Files.writeString(folder.resolve("route.yml"), text);
            await().atMost(SOON).until(() -> weir.out().contains("llm-route added"));
            assertThat(weir.chat("food-review-1").status()).isEqualTo(200);
        }
    }

    @Test
    void replicasComeAndGoWithTheirDeployment() throws Exception {
        WeirRunner.copyOf("replace-a-pool", folder);
        Path servers = folder.resolve("servers.yaml");
        try (WeirRunner weir = WeirRunner.up("-f", folder.toString())) {
            assertThat(ready(weir, "llm-pool-v1")).isEqualTo(2);

            Files.writeString(
                    servers, Files.readString(servers).replaceFirst("replicas: 2", "replicas: 5"));
            await().atMost(SOON).until(() -> ready(weir, "llm-pool-v1") == 5);
            assertThat(weir.chat("food-review-1").status()).isEqualTo(200);

            Files.writeString(
                    servers, Files.readString(servers).replaceFirst("replicas: 5", "replicas: 1"));
            await().atMost(SOON).until(() -> ready(weir, "llm-pool-v1") == 1);
            assertThat(weir.chat("food-review-1").status()).isEqualTo(200);
        }
    }

    @Test
    void aCommentChangesNothing() throws Exception {
        WeirRunner.copyOf("replace-a-pool", folder);
        Path route = folder.resolve("httproute.yaml");
        try (WeirRunner weir = WeirRunner.up("-f", folder.toString())) {
            String before = weir.admin("/config").body();

            Files.writeString(route, "# another comment\n" + Files.readString(route));
            Thread.sleep(500);

            assertThat(weir.out()).isEmpty();
            assertThat(generation(weir.admin("/config").body())).isEqualTo(generation(before));
        }
    }

    private static int generation(String config) {
        return new Answer(200, "", config).json().path("generation").asInt();
    }

    private static int ready(WeirRunner weir, String pool) {
        for (var found : weir.admin("/config").json().path("pools")) {
            if (found.path("name").asText().equals("default/" + pool)) {
                return found.path("endpoints").size();
            }
        }
        return -1;
    }
}

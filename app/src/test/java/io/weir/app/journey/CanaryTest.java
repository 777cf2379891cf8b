package io.weir.app.journey;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** The canary of inference services: by pool, by LoRA, with long prompts and slow answers. */
class CanaryTest {

    private static final int MIB = 1 << 20;

    @TempDir Path folder;

    @Test
    void oneRequestInTenGoesToTheNewBaseModel() throws Exception {
        try (WeirRunner weir = WeirRunner.up("-f", WeirRunner.example("canary").toString())) {
            Map<String, Integer> byDeployment = new TreeMap<>();
            for (int i = 0; i < 100; i++) {
                Answer answer = weir.chat("mymodel");
                assertThat(answer.model()).isEqualTo("mymodel");
                byDeployment.merge(answer.pod().replaceFirst("-[^-]+-[^-]+$", ""), 1, Integer::sum);
            }
            assertThat(byDeployment).containsOnlyKeys("qwen", "deepseek-r1");
            assertThat(byDeployment.get("deepseek-r1")).isBetween(9, 11);
        }
    }

    @Test
    void oneRequestInTenGoesToTheNewAdapter() throws Exception {
        try (WeirRunner weir = WeirRunner.up("-f", WeirRunner.example("canary").toString())) {
            int canaries = 0;
            for (int i = 0; i < 100; i++) {
                canaries += weir.chat("travelhelper").model().equals("travel-helper-v2") ? 1 : 0;
            }
            // Two pools share the requests, and each of them splits its own.
            assertThat(canaries).isBetween(8, 12);
        }
    }

    @Test
    void promptsOfTwentyMebibytesPassWhereThePolicyAllowsThem() throws Exception {
        WeirRunner.copyOf("canary", folder);
        addArgument("--max-model-len=100000000");
        try (WeirRunner weir = WeirRunner.up("-f", folder.toString())) {
            Answer fits = weir.post("/v1/completions", prompt(20 * MIB));
            Answer tooLarge = weir.post("/v1/completions", prompt(21 * MIB));

            assertThat(fits.status()).as(fits.body()).isEqualTo(200);
            assertThat(tooLarge.status()).isEqualTo(413);
        }
    }

    @Test
    void promptsOfTwentyMebibytesAreTooLargeWithoutThePolicy() throws Exception {
        canaryWithout("ClientTrafficPolicy");
        try (WeirRunner weir = WeirRunner.up("-f", folder.toString())) {
            Answer answer = weir.post("/v1/completions", prompt(20 * MIB));

            assertThat(answer.status()).isEqualTo(413);
            assertThat(answer.json().path("error").path("message").asText()).isNotEmpty();
        }
    }

    @Test
    void aSlowAnswerSurvivesWhereThePolicyAllowsIt() throws Exception {
        WeirRunner.copyOf("canary", folder);
        addArgument("--time-to-first-token=1500ms");
        try (WeirRunner weir =
                WeirRunner.up("-f", folder.toString(), "--request-timeout", "500ms")) {
            assertThat(weir.chat("mymodel").status()).isEqualTo(200);
        }
    }

    @Test
    void aSlowAnswerTimesOutWithoutThePolicy() throws Exception {
        canaryWithout("BackendTrafficPolicy");
        addArgument("--time-to-first-token=1500ms");
        try (WeirRunner weir =
                WeirRunner.up("-f", folder.toString(), "--request-timeout", "500ms")) {
            assertThat(weir.chat("mymodel").status()).isEqualTo(504);
        }
    }

    private void canaryWithout(String kind) throws Exception {
        WeirRunner.copyOf("canary", folder);
        Path gateway = folder.resolve("gateway.yaml");
        StringBuilder kept = new StringBuilder();
        for (String document : Files.readString(gateway).split("---\n", -1)) {
            if (!document.contains("kind: " + kind)) {
                kept.append("---\n").append(document);
            }
        }
        Files.writeString(gateway, kept.toString());
    }

    private void addArgument(String argument) throws Exception {
        Path servers = folder.resolve("servers.yaml");
        Files.writeString(
                servers,
                Files.readString(servers)
                        .replace("        args:\n", "        args:\n        - " + argument + "\n"));
    }

    private static String prompt(int bodyBytes) {
        String start = "{\"model\": \"mymodel\", \"max_tokens\": 2, \"prompt\": \"";
        String end = "\"}";
        return start + "a ".repeat((bodyBytes - start.length() - end.length()) / 2) + end;
    }
}

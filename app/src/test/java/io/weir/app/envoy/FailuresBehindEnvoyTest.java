package io.weir.app.envoy;

import static io.weir.app.envoy.Client.CHAT;
import static io.weir.app.envoy.Client.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Servers that come and go, and a picker that dies or hangs. */
class FailuresBehindEnvoyTest {

    private static final int FLAPPING_REQUESTS = Integer.getInteger("weir.flapping", 3_000);

    @TempDir Path folder;

    private final Client client = new Client();
    private int pickerPort;
    private ModelServers servers;
    private PickerProcess picker;

    @BeforeEach
    void start() throws Exception {
        Envoy.program();
        pickerPort = Envoy.freePort();
        servers = ModelServers.start(folder, "llm", 3, "--model", "llm");
        startPicker();
    }

    private void startPicker() throws Exception {
        picker =
                PickerProcess.start(
                        pickerPort,
                        folder,
                        "--pool-name",
                        "llm",
                        "--endpoints-file",
                        servers.file(),
                        "--fallbacks",
                        "3");
    }

    private Envoy envoy(UnaryOperator<String> change) throws Exception {
        Map<Integer, Integer> ports =
                Map.of(
                        9002, pickerPort,
                        8000, servers.ports().get(0),
                        8001, servers.ports().get(1),
                        8002, servers.ports().get(2));
        return Envoy.start("fallbacks.yaml", ports, change, folder);
    }

    private static String failClose(String config) {
        String open = "failure_mode_allow: true";
        assertThat(config).contains(open);
        return config.replace(open, "failure_mode_allow: false");
    }

    @AfterEach
    void stop() {
        if (servers != null) {
            picker.close();
            servers.close();
        }
        client.close();
    }

    @Test
    void noRequestFailsWhileServersComeAndGo() throws Exception {
        try (Envoy envoy = envoy(UnaryOperator.identity());
                Load load = new Load(envoy, 8, FLAPPING_REQUESTS)) {
            for (int i = 0; load.answered() < FLAPPING_REQUESTS; i++) {
                servers.restart(i % 3, 150);
                Thread.sleep(150);
            }
            assertThat(load.finish()).containsOnlyKeys("200");
        }
    }

    @Test
    void withFailOpenNoRequestFailsWhenThePickerIsKilled() throws Exception {
        try (Envoy envoy = envoy(UnaryOperator.identity());
                Load load = new Load(envoy, 8, Integer.MAX_VALUE)) {
            load.await(500);
            picker.kill();
            load.await(load.answered() + 500);
            startPicker();
            load.await(load.answered() + 500);

            assertThat(load.stop()).containsOnlyKeys("200");
        }
    }

    @Test
    void withFailCloseRequestsAreAnsweredWithin503AtOnceAndAgainServedWhenThePickerIsBack()
            throws Exception {
        try (Envoy envoy = envoy(FailuresBehindEnvoyTest::failClose)) {
            assertThat(client.post(envoy.url(CHAT), chat("llm", "")).statusCode()).isEqualTo(200);

            picker.kill();
            for (int i = 0; i < 5; i++) {
                long begun = System.nanoTime();
                HttpResponse<String> answer = client.post(envoy.url(CHAT), chat("llm", ""));
                assertThat(answer.statusCode()).isEqualTo(503);
                assertThat(Duration.ofNanos(System.nanoTime() - begun))
                        .isLessThan(Duration.ofSeconds(1));
            }

            startPicker();
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> client.post(envoy.url(CHAT), chat("llm", "")).statusCode() == 200);
        }
    }

    @Test
    void aPickerThatHangsCostsTheMessageTimeoutAndNoRequest() throws Exception {
        try (Envoy envoy = envoy(UnaryOperator.identity());
                Load load = new Load(envoy, 4, Integer.MAX_VALUE)) {
            load.await(200);
            picker.hang(true);
            load.await(load.answered() + 12);
            picker.hang(false);
            load.await(load.answered() + 200);

            assertThat(load.stop()).containsOnlyKeys("200");
            assertThat(load.slowestMillis()).isBetween(900, 8_000);
        }
    }
}

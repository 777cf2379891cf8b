package io.weir.app.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The program from outside: what it prints, how it answers signals, and how it ends. */
class ProcessTest {

    private static final int LISTENER_PORT = 8080;

    @TempDir Path folder;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void itSaysWhenItServesAndHowLongThatTook() throws Exception {
        try (WeirProcess weir = up()) {
            URI admin = URI.create(weir.lineBeginning("Admin: ").split(" ", -1)[1]);
            String ready = weir.lineBeginning("ready");

            assertThat(ready)
                    .matches("ready: http://127\\.0\\.0\\.1:\\d+ \\(after \\d+\\.\\d s\\)");
            for (String page : List.of("/readyz", "/livez", "/metrics", "/config")) {
                assertThat(get(admin.resolve(page))).as(page).isEqualTo(200);
            }
            weir.signal("TERM");
            assertThat(weir.exitCode()).isZero();
            assertThat(weir.err()).contains("stopped");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void aSignalLetsStreamsEndAndRefusesNewConnections(String signal) throws Exception {
        try (WeirProcess weir = up()) {
            URI url = weir.ready();
            assumeFalse(signal.equals("INT") && weir.ignoresInterrupts());
            try (BufferedReader stream = stream(url, 40)) {
                assertThat(stream.readLine()).startsWith("data: {");

                weir.signal(signal);
                awaitRefusal(url);

                assertThat(stream.lines().filter(line -> !line.isEmpty()).toList().getLast())
                        .isEqualTo("data: [DONE]");
            }
            assertThat(weir.exitCode()).isZero();
            assertThat(weir.err()).contains("draining: 1 open request");
        }
    }

    @Test
    void aSecondSignalEndsItAtOnce() throws Exception {
        try (WeirProcess weir = up()) {
            URI url = weir.ready();
            try (BufferedReader stream = stream(url, 10_000)) {
                assertThat(stream.readLine()).startsWith("data: {");
                weir.signal("TERM");
                awaitRefusal(url);

                weir.signal("TERM");

                assertThat(weir.exitCode()).isEqualTo(130);
            }
        }
    }

    @Test
    void streamsThatOutlastTheDrainTimeoutAreCut() throws Exception {
        try (WeirProcess weir = up("--drain-timeout", "300ms")) {
            URI url = weir.ready();
            try (BufferedReader stream = stream(url, 10_000)) {
                assertThat(stream.readLine()).startsWith("data: {");

                weir.signal("TERM");

                assertThat(weir.exitCode()).isZero();
                assertThat(weir.err()).contains("cut requests that took too long");
                assertThatThrownBy(() -> stream.lines().forEach(_ -> {}))
                        .hasRootCauseInstanceOf(IOException.class);
            }
        }
    }

    @Test
    void aPortThatIsTakenIsNamedWithTheWayOut() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                WeirProcess weir = start(taken.getLocalPort() - LISTENER_PORT)) {
            assertThat(weir.exitCode()).isEqualTo(1);
            assertThat(weir.err())
                    .contains("can't listen on 127.0.0.1:" + taken.getLocalPort())
                    .contains("Gateway default/inference-gateway listener http")
                    .contains("the port is in use")
                    .contains("--port-offset");
        }
    }

    private WeirProcess up(String... options) throws IOException {
        return start(freePort() - LISTENER_PORT, options);
    }

    private WeirProcess start(int portOffset, String... options) throws IOException {
        WeirRunner.copyOf("replace-a-pool", folder);
        Path servers = folder.resolve("servers.yaml");
        Files.writeString(
                servers,
                Files.readString(servers)
                        .replace(
                                "        args:\n",
                                "        args:\n        - --inter-token-latency=50ms\n"));
        String[] args = {
            "up", "-f", folder.toString(), "--admin-port", "0", "--port-offset", "" + portOffset
        };
        String[] all = new String[args.length + options.length];
        System.arraycopy(args, 0, all, 0, args.length);
        System.arraycopy(options, 0, all, args.length, options.length);
        return WeirProcess.start(all);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private BufferedReader stream(URI url, int tokens) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(url.resolve("/v1/completions"))
                        .header("Content-Type", "application/json")
                        .timeout(Duration.ofSeconds(60))
                        .POST(
                                BodyPublishers.ofString(
                                        """
                                        {"model": "food-review-1", "prompt": "Hello",
                                         "stream": true, "ignore_eos": true, "max_tokens": %d}\
                                        """
                                                .formatted(tokens)))
                        .build();
        var response = client.send(request, BodyHandlers.ofInputStream());
        assertThat(response.statusCode()).isEqualTo(200);
        return new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    }

    private int get(URI page) throws Exception {
        return client.send(HttpRequest.newBuilder(page).build(), BodyHandlers.discarding())
                .statusCode();
    }

    private static void awaitRefusal(URI url) throws Exception {
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (System.nanoTime() < deadline) {
            try {
                new Socket(url.getHost(), url.getPort()).close();
                Thread.sleep(10);
            } catch (SocketException e) {
                // Refused, or reset while the port was being closed.
                return;
            }
        }
        throw new AssertionError("still accepts connections");
    }
}

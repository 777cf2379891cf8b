package io.weir.app.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.simulator.SimulatorConfig;
import io.weir.simulator.SimulatorHost;
import io.weir.simulator.SimulatorServer;
import io.weir.simulator.events.KvEventSettings;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** A gateway sends prompts to the server to which somebody else sent them before. */
class PrecisePrefixTest {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int PROMPTS = 6;
    private static final String PRECISE =
            """
            - type: token-producer
              parameters: {servers: {budget: 5s}}
            - type: precise-prefix-cache-producer
              parameters:
                kvEventsConfig:
                  podDiscoveryConfig: {socketPort: %d, replaySocketPort: %d}
            """;

    @TempDir Path folder;

    private final SimulatorHost host = new SimulatorHost(1);
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private int port;
    private int eventPort;
    private int replayPort;
    private SimulatorServer one;
    private SimulatorServer other;

    @BeforeEach
    void startServers() throws IOException {
        port = freePort();
        eventPort = freePort();
        replayPort = freePort();
        one = server("one", "127.0.0.2");
        other = server("other", "127.0.0.3");
        for (String example : new String[] {"gateway", "httproute"}) {
            Path file = WeirRunner.example("real-servers").resolve(example + ".yaml");
            Files.copy(file, folder.resolve(example + ".yaml"));
        }
        Files.writeString(
                folder.resolve("pods.yaml"),
                pod("one", "127.0.0.2") + "---\n" + pod("other", "127.0.0.3"));
    }

    @AfterEach
    void stopServers() {
        one.close();
        other.close();
        host.close();
        client.close();
    }

    @Test
    void whatAnotherClientSentIsFound() throws Exception {
        pool(PRECISE.formatted(eventPort, replayPort));
        try (WeirRunner weir = WeirRunner.up("-f", folder.toString())) {
            for (int i = 0; i < PROMPTS; i++) {
                direct(other, chat(i));
            }
            await().atMost(SOON).until(() -> blocks(weir, "other") >= 5 * PROMPTS);

            for (int i = 0; i < PROMPTS; i++) {
                assertThat(weir.post("/v1/chat/completions", chat(i)).pod()).isEqualTo("other");
            }

            // What the gateway itself sent elsewhere is not mixed up with it.
            assertThat(
                            metric(
                                    weir,
                                    "weir_tokenize_requests_total{outcome=\"in_time\",pool=\"vllm\"}"))
                    .isEqualTo(PROMPTS);
        }
    }

    @Test
    void aServerThatStartsAnewIsForgotten() throws Exception {
        pool(PRECISE.formatted(eventPort, replayPort));
        try (WeirRunner weir = WeirRunner.up("-f", folder.toString())) {
            direct(other, chat(0));
            await().atMost(SOON).until(() -> blocks(weir, "other") >= 5);

            other.close();
            await().atMost(SOON).until(() -> blocks(weir, "other") == 0);
            assertThat(weir.post("/v1/chat/completions", chat(0)).pod()).isEqualTo("one");

            other = server("other", "127.0.0.3");
            direct(other, chat(1));
            await().atMost(SOON).until(() -> blocks(weir, "other") >= 5);
            assertThat(weir.post("/v1/chat/completions", chat(1)).pod()).isEqualTo("other");
        }
    }

    private void pool(String producers) throws IOException {
        String config =
                """
                apiVersion: llm-d.ai/v1alpha1
                kind: EndpointPickerConfig
                plugins:
                %s- type: prefix-cache-scorer
                schedulingProfiles:
                - name: default
                  plugins: [{pluginRef: prefix-cache-scorer}]
                """
                        .formatted(producers);
        String manifests =
                """
                apiVersion: inference.networking.k8s.io/v1
                kind: InferencePool
                metadata: {name: vllm}
                spec:
                  selector: {matchLabels: {app: vllm}}
                  targetPorts: [{number: %d}]
                  endpointPickerRef: {name: vllm-epp, port: {number: 9002}}
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: vllm-epp}
                spec:
                  selector: {app: vllm-epp}
                  ports: [{port: 9002}]
                ---
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: vllm-epp}
                spec:
                  replicas: 1
                  selector: {matchLabels: {app: vllm-epp}}
                  template:
                    metadata: {labels: {app: vllm-epp}}
                    spec:
                      containers:
                      - name: epp
                        image: example.com/epp:v1
                        args:
                        - --config-text
                        - |
                %s
                """
                        .formatted(port, config.indent(10));
        Files.writeString(folder.resolve("pool.yaml"), manifests);
    }

    private static String pod(String name, String address) {
        return """
        apiVersion: v1
        kind: Pod
        metadata: {name: %s, labels: {app: vllm}}
        spec: {containers: [{name: vllm, image: vllm/vllm-openai:v0.15.1}]}
        status: {podIP: %s}
        """
                .formatted(name, address);
    }

    private SimulatorServer server(String name, String address) throws IOException {
        KvEventSettings events =
                KvEventSettings.at("tcp://*:" + eventPort).withReplay("tcp://*:" + replayPort);
        SimulatorConfig config =
                SimulatorConfig.of(name, "llama").toBuilder().kvEvents(events).build();
        return host.start(config, new InetSocketAddress(address, port));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.2"))) {
            return socket.getLocalPort();
        }
    }

    private static String chat(int number) {
        String system = "You are the friendly river number %d. ".formatted(number).repeat(10);
        return """
        {"model": "llama", "max_tokens": 4, "messages": [
          {"role": "system", "content": "%s"}, {"role": "user", "content": "Where to?"}]}
        """
                .formatted(system);
    }

    private void direct(SimulatorServer server, String body) throws Exception {
        String host = server.address().getAddress().getHostAddress();
        URI url = URI.create("http://" + host + ":" + server.port() + "/v1/chat/completions");
        HttpRequest request =
                HttpRequest.newBuilder(url)
                        .header("content-type", "application/json")
                        .POST(BodyPublishers.ofString(body))
                        .build();
        assertThat(client.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
    }

    private static double blocks(WeirRunner weir, String pod) {
        return weir.admin("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("weir_kv_cache_index_blocks{"))
                .filter(line -> line.contains("/" + pod + "-rank-0\"") || line.contains("\"" + pod))
                .mapToDouble(PrecisePrefixTest::value)
                .sum();
    }

    private static double metric(WeirRunner weir, String series) {
        return weir.admin("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(series))
                .mapToDouble(PrecisePrefixTest::value)
                .sum();
    }

    private static double value(String line) {
        return Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
    }
}

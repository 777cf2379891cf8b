package io.weir.app.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;

import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.weir.app.command.PickerArguments;
import io.weir.app.external.AskingProxy;
import io.weir.app.picker.PickerProgram;
import io.weir.simulator.SimulatorConfig;
import io.weir.simulator.SimulatorHost;
import io.weir.simulator.SimulatorServer;
import io.weir.simulator.engine.EngineProfile;
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

/**
 * {@code weir picker} sends prompts to the server that holds their blocks: it is asked over
 * ext_proc, and hears of caches from the servers themselves. Nothing ever reaches a server through
 * the picker, so that it knows of no block but by events.
 */
class PrecisePickerTest {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final int PROMPTS = 6;

    /** Ten prompts fit into the cache of {@code other}. */
    private static final int FEW_BLOCKS = 60;

    @TempDir Path folder;

    private final SimulatorHost host = new SimulatorHost(1);
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private int port;
    private int eventPort;
    private int replayPort;
    private SimulatorServer one;
    private SimulatorServer other;
    private PickerProgram picker;
    private AskingProxy proxy;

    @SuppressWarnings("NullAway.Init")
    PrecisePickerTest() {}

    @BeforeEach
    void start() throws Exception {
        port = freePort();
        eventPort = freePort();
        replayPort = freePort();
        one = server("one", "127.0.0.2", 10_000);
        other = server("other", "127.0.0.3", FEW_BLOCKS);
        picker = PickerProgram.start(PickerArguments.parse(flags()));
        proxy = AskingProxy.of(picker.serving().grpcPort());
    }

    @AfterEach
    void stop() {
        proxy.close();
        picker.close();
        one.close();
        other.close();
        host.close();
        client.close();
    }

    private String[] flags() throws IOException {
        Files.writeString(
                folder.resolve("servers.yaml"),
                """
                endpoints:
                - {name: one, address: 127.0.0.2, port: "%1$d"}
                - {name: other, address: 127.0.0.3, port: "%1$d"}
                """
                        .formatted(port));
        Files.writeString(
                folder.resolve("picker.yaml"),
                """
                apiVersion: llm-d.ai/v1alpha1
                kind: EndpointPickerConfig
                plugins:
                - type: token-producer
                  parameters: {servers: {budget: 5s}}
                - type: precise-prefix-cache-producer
                  parameters:
                    kvEventsConfig:
                      podDiscoveryConfig: {socketPort: %d, replaySocketPort: %d}
                - type: prefix-cache-scorer
                schedulingProfiles:
                - name: default
                  plugins: [{pluginRef: prefix-cache-scorer}]
                """
                        .formatted(eventPort, replayPort));
        return new String[] {
            "--pool-name",
            "llama",
            "--endpoints-file",
            folder.resolve("servers.yaml").toString(),
            "--config-file",
            folder.resolve("picker.yaml").toString(),
            "--grpc-port",
            "0",
            "--grpc-health-port",
            "0",
            "--metrics-port",
            "0",
            "--secure-serving=false"
        };
    }

    private SimulatorServer server(String name, String address, int blocks) throws IOException {
        KvEventSettings events =
                KvEventSettings.at("tcp://*:" + eventPort).withReplay("tcp://*:" + replayPort);
        SimulatorConfig config =
                SimulatorConfig.of(name, "llama").toBuilder()
                        .profile(EngineProfile.INSTANT.withKvBlocks(blocks).withBlockTokens(16))
                        .kvEvents(events)
                        .build();
        return host.start(config, new InetSocketAddress(address, port));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.2"))) {
            return socket.getLocalPort();
        }
    }

    @Test
    void promptsGoToTheServerThatHoldsTheirBlocks() throws Exception {
        // Given
        for (int i = 0; i < PROMPTS; i++) {
            direct(i % 2 == 0 ? other : one, "/v1/chat/completions", chat(i));
        }
        knows("other", PROMPTS / 2 * 5);
        knows("one", PROMPTS / 2 * 5);

        // Then
        for (int i = 0; i < PROMPTS; i++) {
            assertThat(picked(chat(i))).isEqualTo(i % 2 == 0 ? "other" : "one");
        }
    }

    @Test
    void whatAServerEvictedDoesNotDrawPromptsToIt() throws Exception {
        // Given
        direct(other, "/v1/chat/completions", chat(0));
        knows("other", 5);
        assertThat(picked(chat(0))).isEqualTo("other");
        direct(one, "/v1/chat/completions", chat(0));
        knows("one", 5);

        // When
        for (int i = 1; i < 30; i++) {
            direct(other, "/v1/chat/completions", chat(i));
        }
        removed("other");

        // Then
        sentIsForgotten();
        for (int i = 0; i < 5; i++) {
            assertThat(picked(chat(0))).isEqualTo("one");
        }
        assertThat(picked(chat(29))).isEqualTo("other");
    }

    @Test
    void aCacheThatWasClearedDrawsNothing() throws Exception {
        // Given
        direct(other, "/v1/chat/completions", chat(0));
        knows("other", 5);
        assertThat(picked(chat(0))).isEqualTo("other");
        direct(one, "/v1/chat/completions", chat(0));
        knows("one", 5);

        // When
        direct(other, "/admin/config", "{\"restart\":true}");
        await().atMost(SOON).until(() -> blocks("other") == 0);

        // Then
        for (int i = 0; i < 5; i++) {
            assertThat(picked(chat(0))).isEqualTo("one");
        }
    }

    @Test
    void tokensThatAGrpcRequestBringsNeedNobodyToAsk() throws Exception {
        // Given
        String prompt = "What would the river number seven say? ".repeat(10);
        String text = "{\"model\":\"llama\",\"max_tokens\":4,\"prompt\":\"" + prompt + "\"}";
        JsonNode tokens =
                new ObjectMapper().readTree(direct(other, "/tokenize", text)).path("tokens");
        assertThat(tokens.size()).isGreaterThan(32);

        // When
        direct(other, "/v1/completions", text);
        knows("other", 2);

        // Then
        ByteString request = generate(tokens);
        for (int i = 0; i < 5; i++) {
            assertThat(asked("/vllm.grpc.engine.VllmEngine/Generate", "application/grpc", request))
                    .isEqualTo("other");
        }
        assertThat(metric("weir_tokenize_requests_total")).isZero();
    }

    private static ByteString generate(JsonNode tokens) throws IOException {
        ByteString.Output packed = ByteString.newOutput();
        CodedOutputStream ids = CodedOutputStream.newInstance(packed);
        for (JsonNode token : tokens) {
            ids.writeUInt32NoTag(token.intValue());
        }
        ids.flush();
        ByteString input = field(2, packed.toByteString());
        ByteString message = field(2, input);
        return ByteString.copyFrom(new byte[] {0, 0, 0, 0, 0})
                .substring(0, 3)
                .concat(
                        ByteString.copyFrom(
                                new byte[] {(byte) (message.size() >> 8), (byte) message.size()}))
                .concat(message);
    }

    private static ByteString field(int number, ByteString value) throws IOException {
        ByteString.Output bytes = ByteString.newOutput();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        out.writeBytes(number, value);
        out.flush();
        return bytes.toByteString();
    }

    private static String chat(int number) {
        String system = "You are the friendly river number %d. ".formatted(number).repeat(10);
        return """
        {"model": "llama", "max_tokens": 4, "messages": [
          {"role": "system", "content": "%s"}, {"role": "user", "content": "Where to?"}]}
        """
                .formatted(system);
    }

    private String picked(String body) throws InterruptedException {
        return asked("/v1/chat/completions", "application/json", ByteString.copyFromUtf8(body));
    }

    /** Asks the picker as a proxy does; the request is cancelled then. */
    private String asked(String path, String type, ByteString body) throws InterruptedException {
        AskingProxy.Exchange exchange = proxy.open();
        ProcessingResponse reply =
                exchange.headers(false, ":method", "POST", ":path", path, "content-type", type)
                        .body(body)
                        .reply();
        exchange.complete();
        String address =
                reply.getDynamicMetadata()
                        .getFieldsOrThrow("envoy.lb")
                        .getStructValue()
                        .getFieldsOrThrow("x-gateway-destination-endpoint")
                        .getStringValue();
        return address.startsWith("127.0.0.3") ? "other" : "one";
    }

    /** Sends something to a server, past the picker; returns what it answers. */
    private String direct(SimulatorServer server, String path, String body) throws Exception {
        String address = server.address().getAddress().getHostAddress();
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://" + address + ":" + port + path))
                        .header("content-type", "application/json")
                        .POST(BodyPublishers.ofString(body))
                        .build();
        var answer = client.send(request, BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }

    private void knows(String server, int blocks) {
        await().atMost(SOON).until(() -> blocks(server) >= blocks);
    }

    private void removed(String server) {
        await().atMost(SOON)
                .until(() -> sum("weir_kv_cache_events_total{", "\"removed\"", server) > 0);
    }

    /** A prompt counts as held for two seconds after it was sent. */
    private static void sentIsForgotten() throws InterruptedException {
        Thread.sleep(2_200);
    }

    private double blocks(String server) throws Exception {
        return sum("weir_kv_cache_index_blocks{", "", server);
    }

    private double metric(String series) throws Exception {
        return sum(series, "outcome", "");
    }

    private double sum(String series, String label, String server) throws Exception {
        URI url = URI.create("http://127.0.0.1:" + picker.serving().metricsPort() + "/metrics");
        String page =
                client.send(HttpRequest.newBuilder(url).build(), BodyHandlers.ofString()).body();
        return page.lines()
                .filter(line -> line.startsWith(series) && line.contains(label))
                .filter(line -> server.isEmpty() || line.contains("/" + server + "\""))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}

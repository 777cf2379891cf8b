package io.weir.app.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.app.command.PickerArguments;
import io.weir.app.command.UpArguments;
import io.weir.app.picker.PickerProgram;
import io.weir.app.picker.PickerRun;
import io.weir.app.tracing.OtlpCollector.Told;
import io.weir.app.up.Terminal;
import io.weir.app.up.UpOptions;
import io.weir.app.up.UpProgram;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Requests through a gateway, as a collector hears of them. */
class GatewayTraceTest {

    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String PARENT = "b7ad6b7169203331";
    private static final String SECRET = "sk-very-secret";
    private static final String PROMPT = "tell-nobody";

    private static final String MANIFESTS =
            """
            apiVersion: gateway.networking.k8s.io/v1
            kind: Gateway
            metadata: {name: gw}
            spec:
              gatewayClassName: weir
              listeners: [{name: http, port: 80, protocol: HTTP}]
            ---
            apiVersion: gateway.networking.k8s.io/v1
            kind: HTTPRoute
            metadata: {name: r}
            spec:
              parentRefs: [{name: gw}]
              rules:
              - backendRefs:
                - {group: inference.networking.k8s.io, kind: InferencePool, name: p}
            ---
            apiVersion: inference.networking.k8s.io/v1
            kind: InferencePool
            metadata: {name: p}
            spec:
              selector: {matchLabels: {app: p}}
              targetPorts: [{number: 8000}]
              endpointPickerRef: {name: epp, port: {number: 9002}}
            """;

    @TempDir Path folder;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private OtlpCollector collector;
    private TracedServer server;

    @SuppressWarnings("NullAway.Init")
    GatewayTraceTest() {}

    @BeforeEach
    void start() throws IOException {
        collector = OtlpCollector.start();
        server = TracedServer.start();
        Files.createDirectory(folder.resolve("manifests"));
        Files.writeString(folder.resolve("manifests/gateway.yaml"), MANIFESTS);
        Files.writeString(folder.resolve("servers.yaml"), server.endpointsFile());
    }

    @AfterEach
    void stop() {
        server.close();
        collector.close();
    }

    /** Returns manifests of a picker that runs elsewhere. */
    private static String pickerAt(int port) {
        return """
        apiVersion: v1
        kind: Service
        metadata: {name: epp}
        spec: {ports: [{port: 9002}]}
        ---
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: {name: epp-1, labels: {kubernetes.io/service-name: epp}}
        addressType: IPv4
        endpoints: [{addresses: [127.0.0.1]}]
        ports: [{port: %d}]
        """
                .formatted(port);
    }

    private UpProgram up(String... variables) throws Exception {
        Map<String, String> environment = new HashMap<>();
        for (int i = 0; i < variables.length; i += 2) {
            environment.put(variables[i], variables[i + 1]);
        }
        UpOptions options =
                UpArguments.parse(
                                "-f",
                                folder.resolve("manifests").toString(),
                                "--endpoints-file",
                                folder.resolve("servers.yaml").toString(),
                                "--admin-port",
                                "0",
                                "--api-port",
                                "0",
                                "--ephemeral")
                        .withTraces(new TraceOptions(null, environment));
        Terminal nowhere =
                new Terminal(
                        new PrintWriter(new StringWriter()), new PrintWriter(new StringWriter()));
        return UpProgram.startOnFreePorts(options, nowhere, RandomGenerator.getDefault());
    }

    private UpProgram traced() throws Exception {
        return up(
                "OTEL_EXPORTER_OTLP_ENDPOINT",
                collector.httpUrl(),
                "OTEL_BSP_SCHEDULE_DELAY",
                "20",
                "OTEL_EXPORTER_OTLP_HEADERS",
                "api-key=k1");
    }

    private HttpResponse<String> send(UpProgram program, String... headers) throws Exception {
        int port = program.addresses().getFirst().getPort();
        HttpRequest.Builder request =
                HttpRequest.newBuilder(
                                URI.create(
                                        "http://127.0.0.1:"
                                                + port
                                                + "/v1/completions?key="
                                                + SECRET))
                        .header("content-type", "application/json")
                        .header("authorization", "Bearer " + SECRET)
                        .POST(
                                BodyPublishers.ofString(
                                        "{\"model\": \"llama\", \"prompt\": \"" + PROMPT + "\"}"));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    @Test
    void aRequestJoinsTheClientsTraceAndTheServerIsToldToJoinToo() throws Exception {
        try (UpProgram program = traced()) {
            send(program, "traceparent", "00-" + TRACE + "-" + PARENT + "-01");
            await().until(() -> collector.has("POST"));
        }

        Told request = collector.span("POST /v1/completions");
        Told pick = collector.span("pick");
        Told call = collector.span("text_completion llama");
        assertThat(request.parent()).isEqualTo(PARENT);
        assertThat(List.of(pick.parent(), call.parent())).containsOnly(request.id());
        assertThat(collector.spans()).allMatch(span -> span.trace().equals(TRACE));
        assertThat(server.parents()).containsExactly("00-" + TRACE + "-" + call.id() + "-01");
        assertThat(call.startNanos()).isBetween(request.startNanos(), call.endNanos());
        assertThat(pick.startNanos()).isBetween(request.startNanos(), pick.endNanos());
        assertThat(call.endNanos()).isEqualTo(request.endNanos());
        assertThat(collector.keys()).containsOnly("k1");
    }

    @Test
    void spansSayWhatTheAccessLogDoesAndNoSecret() throws Exception {
        try (UpProgram program = traced()) {
            send(program, "x-request-id", "id-1");
            await().until(() -> collector.has("POST"));
        }

        assertThat(collector.span("POST").attributes())
                .containsEntry("http.request.method", "POST")
                .containsEntry("url.path", "/v1/completions")
                .containsEntry("http.response.status_code", "200")
                .containsEntry("weir.request_id", "id-1")
                .containsEntry("weir.pool", "default/p")
                .containsEntry("weir.endpoint", "default/one");
        assertThat(collector.span("text_completion").attributes())
                .containsEntry("gen_ai.operation.name", "text_completion")
                .containsEntry("gen_ai.request.model", "llama")
                .containsEntry("gen_ai.usage.input_tokens", "7")
                .containsEntry("gen_ai.usage.output_tokens", "5")
                .containsEntry("server.address", "127.0.0.1");
        assertThat(collector.span("POST").resource()).containsEntry("service.name", "weir");
        assertThat(collector.spans().toString()).doesNotContain(SECRET).doesNotContain(PROMPT);
    }

    @Test
    void aFailureMarksItsSpans() throws Exception {
        server.answerWith(500);
        try (UpProgram program = traced()) {
            assertThat(send(program).statusCode()).isEqualTo(500);
            await().until(() -> collector.has("POST"));
        }

        Told request = collector.span("POST");
        assertThat(request.status()).isEqualTo(2);
        assertThat(request.attributes()).containsEntry("error.type", "500");
    }

    @Test
    void whatTheClientDoesNotTraceIsNotTracedAndPassesUnchanged() throws Exception {
        String unsampled = "00-" + TRACE + "-" + PARENT + "-00";
        try (UpProgram program = traced()) {
            send(program, "traceparent", unsampled);
            send(program, "x-request-id", "second");
            await().until(() -> collector.has("POST"));
        }

        assertThat(server.parents().getFirst()).isEqualTo(unsampled);
        assertThat(collector.span("POST").attributes()).containsEntry("weir.request_id", "second");
    }

    @Test
    void aPickerElsewhereJoinsAndTheServerJoinsThePicker() throws Exception {
        PickerRun run =
                PickerArguments.parse(
                                "--pool-name",
                                "p",
                                "--endpoints-file",
                                folder.resolve("servers.yaml").toString(),
                                "--grpc-port",
                                "0",
                                "--metrics-port",
                                "0")
                        .withTraces(
                                new TraceOptions(
                                        true,
                                        Map.of(
                                                "OTEL_EXPORTER_OTLP_ENDPOINT",
                                                collector.grpcUrl(),
                                                "OTEL_BSP_SCHEDULE_DELAY",
                                                "20")));
        try (PickerProgram picker = PickerProgram.start(run)) {
            Files.writeString(
                    folder.resolve("manifests/picker.yaml"), pickerAt(picker.serving().grpcPort()));
            try (UpProgram program = traced()) {
                assertThat(send(program).statusCode()).isEqualTo(200);
                await().until(() -> collector.has("POST") && collector.has("gateway.request_"));
                await().until(() -> collector.spans().size() >= 4);
            }
        }

        Told request = collector.span("POST");
        Told orchestration = collector.span("gateway.request_orchestration");
        Told picked =
                collector.spans().stream()
                        .filter(span -> span.name().equals("gateway.request"))
                        .findFirst()
                        .orElseThrow();
        assertThat(request.parent()).isEmpty();
        assertThat(picked.parent()).isEqualTo(request.id());
        assertThat(orchestration.parent()).isEqualTo(picked.id());
        assertThat(picked.resource()).containsEntry("service.name", "weir-picker");
        assertThat(server.parents()).hasSize(1);
        assertThat(server.parents().getFirst())
                .startsWith("00-" + request.trace() + "-" + picked.id() + "-0");
        assertThat(collector.has("text_completion")).isFalse();
    }

    @Test
    void withoutTracesNothingIsAdded() throws Exception {
        try (UpProgram program = up()) {
            send(program);
        }
        assertThat(server.parents()).containsExactly("null");
        assertThat(collector.spans()).isEmpty();
    }

    @Test
    void aCollectorThatIsGoneDisturbsNobody() throws Exception {
        collector.close();
        try (UpProgram program = traced()) {
            for (int i = 0; i < 20; i++) {
                assertThat(send(program).statusCode()).isEqualTo(200);
            }
        }
    }
}

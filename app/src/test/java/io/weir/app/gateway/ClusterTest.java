package io.weir.app.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;

import io.weir.app.CommandFailure;
import io.weir.kubernetes.embedded.EmbeddedApi;
import io.weir.kubernetes.embedded.EmbeddedApiOptions;
import io.weir.kubernetes.embedded.client.ApiClient;
import io.weir.kubernetes.embedded.engine.DeleteOptions;
import io.weir.kubernetes.embedded.object.Trees;

import org.jspecify.annotations.Nullable;
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
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A gateway, or two, over an API server with real informers, TLS and a kubeconfig. */
class ClusterTest {

    private static final int ROUTES = 1_000;
    private static final int CHANGES = 40;
    private static final Duration LEASE = Duration.ofSeconds(2);

    @TempDir private Path directory;

    private final HttpClient http = HttpClient.newHttpClient();
    private final List<GatewayProgram> programs = new ArrayList<>();
    private HttpServer modelServer;
    private EmbeddedApi api;
    private int port;

    @BeforeEach
    void startApi() throws IOException {
        modelServer = HttpServer.create(loopback(0), 0);
        modelServer.createContext(
                "/",
                exchange -> {
                    try (exchange) {
                        byte[] body = "{\"model\":\"served\"}".getBytes(StandardCharsets.UTF_8);
                        exchange.getRequestBody().readAllBytes();
                        exchange.sendResponseHeaders(200, body.length);
                        exchange.getResponseBody().write(body);
                    }
                });
        modelServer.start();
        port = freePort();
        startApi(0);
    }

    private void startApi(int apiPort) throws IOException {
        api =
                EmbeddedApi.start(
                        new EmbeddedApiOptions(
                                loopback(apiPort),
                                Optional.of(directory.resolve("api")),
                                List.of(),
                                (_, _, sink) -> sink.open().close(),
                                InstantSource.system(),
                                new SecureRandom()));
        api.kubeconfig().write(directory.resolve("kubeconfig"));
    }

    @AfterEach
    void stop() {
        programs.forEach(GatewayProgram::close);
        api.close();
        modelServer.stop(0);
    }

    @Test
    void servesWhatIsThereAndWhatComesAndSaysSoInStatuses() throws Exception {
        createGateway();
        createPool();
        GatewayProgram gateway = start(0, null);
        await().until(gateway::isServing);
        assertThat(post("/v1/completions", 0)).isEqualTo(404);

        create(route("route", "/", "pool"));

        await().until(() -> post("/v1/completions", 0) == 200);
        await().untilAsserted(() -> {
            assertThat(condition("Gateway", "gateway", "Programmed")).isEqualTo("True");
            assertThat(routeCondition("route", "Accepted")).isEqualTo("True");
            assertThat(address()).isEqualTo("10.96.0.17");
        });
        assertThat(ready(gateway)).isEqualTo(200);
    }

    @Test
    void onlyTheLeaderWritesStatusesAndAnotherTakesOver() throws Exception {
        createGateway();
        createPool();
        GatewayProgram first = start(0, "first");
        await().until(first::leads);
        GatewayProgram second = start(1, "second");
        await().until(() -> first.isServing() && second.isServing());
        create(route("route", "/", "pool"));
        await().until(() -> post("/v1/completions", 0) == 200);
        await().until(() -> post("/v1/completions", 1) == 200);
        await().until(() -> routeCondition("route", "Accepted").equals("True"));
        assertThat(second.leads()).isFalse();

        first.close();

        await().atMost(LEASE.multipliedBy(4)).until(second::leads);
        create(route("later", "/later", "pool"));
        await().until(() -> routeCondition("later", "Accepted").equals("True"));
    }

    @Test
    void goesOnServingWhileTheServerIsAwayAndCatchesUpAfterwards() throws Exception {
        createGateway();
        createPool();
        create(route("route", "/", "pool"));
        GatewayProgram gateway = start(0, null);
        await().until(gateway::isServing);
        await().until(() -> routeCondition("route", "Accepted").equals("True"));
        int apiPort = api.address().getPort();

        api.close();
        assertThat(post("/v1/completions", 0)).isEqualTo(200);

        startApi(apiPort);
        client().delete(find("HTTPRoute", "route"), DeleteOptions.PLAIN);
        await().atMost(Duration.ofSeconds(30)).until(() -> post("/v1/completions", 0) == 404);
        create(route("back", "/", "pool"));
        await().atMost(Duration.ofSeconds(30)).until(() -> post("/v1/completions", 0) == 200);
        await().until(() -> routeCondition("back", "Accepted").equals("True"));
    }

    @Test
    void changesAreInForceSoonAmongAThousandRoutesAndNothingIsWrittenAtRest() throws Exception {
        createGateway();
        createPool();
        for (int i = 0; i < ROUTES; i++) {
            create(route("route-" + i, "/" + i, "pool"));
        }
        GatewayProgram gateway = start(0, null);
        await().atMost(Duration.ofSeconds(60)).until(gateway::isServing);
        await().atMost(Duration.ofSeconds(60))
                .until(() -> routeCondition("route-" + (ROUTES - 1), "Accepted").equals("True"));
        awaitRest();

        long[] inForce = new long[CHANGES];
        long[] told = new long[CHANGES];
        for (int i = 0; i < CHANGES; i++) {
            long generation = gateway.generation();
            String name = "new-" + i;
            long begin = System.nanoTime();
            create(route(name, "/new/" + i, "pool"));
            while (gateway.generation() == generation) {
                Thread.onSpinWait();
            }
            inForce[i] = System.nanoTime() - begin;
            while (!routeCondition(name, "Accepted").equals("True")) {
                Thread.sleep(1);
            }
            told[i] = System.nanoTime() - begin;
        }
        Arrays.sort(inForce);
        Arrays.sort(told);

        System.out.printf(
                "among %d routes: in force p50 %d ms, max %d ms; status p50 %d ms, max %d ms%n",
                ROUTES,
                inForce[CHANGES / 2] / 1_000_000,
                inForce[CHANGES - 1] / 1_000_000,
                told[CHANGES / 2] / 1_000_000,
                told[CHANGES - 1] / 1_000_000);
        assertThat(Duration.ofNanos(inForce[CHANGES / 2])).isLessThan(Duration.ofMillis(500));
        assertThat(Duration.ofNanos(told[CHANGES / 2])).isLessThan(Duration.ofSeconds(1));
        awaitRest();
        assertThat(writesWithin(Duration.ofMillis(1_500))).isZero();
    }

    private int writesWithin(Duration time) throws InterruptedException {
        AtomicInteger calls = new AtomicInteger();
        try (var _ = api.subscribe("count", _ -> calls.incrementAndGet())) {
            await().until(() -> calls.get() == 1);
            Thread.sleep(time);
            return calls.get() - 1;
        }
    }

    /** Waits until nothing has been written for a while. */
    private void awaitRest() {
        AtomicLong last = new AtomicLong(System.nanoTime());
        try (var _ = api.subscribe("rest", _ -> last.set(System.nanoTime()))) {
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> System.nanoTime() - last.get() > 1_000_000_000L);
        }
    }

    private GatewayProgram start(int offset, @Nullable String identity) throws CommandFailure {
        GatewayProgram program =
                GatewayProgram.start(
                        new GatewayOptions(
                                directory.resolve("kubeconfig"),
                                "weir.dev/gateway-controller",
                                Set.of(),
                                "127.0.0.1",
                                null,
                                offset,
                                "default/weir",
                                "",
                                identity == null
                                        ? null
                                        : new GatewayOptions.Election(
                                                "default/weir", identity, LEASE),
                                loopback(0),
                                Duration.ofSeconds(5),
                                1 << 20,
                                Duration.ZERO,
                                null));
        programs.add(program);
        return program;
    }

    private ApiClient client() {
        return api.client("test");
    }

    private void create(String json) {
        client().create((ObjectNode) Trees.parse(json.getBytes(StandardCharsets.UTF_8)));
    }

    private void createGateway() {
        create(
                """
                {"apiVersion":"v1","kind":"Service","metadata":{"name":"weir"},
                 "spec":{"clusterIP":"10.96.0.17","ports":[{"port":80}]}}
                """);
        create(
                """
                {"apiVersion":"gateway.networking.k8s.io/v1","kind":"GatewayClass",
                 "metadata":{"name":"weir"},
                 "spec":{"controllerName":"weir.dev/gateway-controller"}}
                """);
        create(
                """
                {"apiVersion":"gateway.networking.k8s.io/v1","kind":"Gateway",
                 "metadata":{"name":"gateway"},
                 "spec":{"gatewayClassName":"weir",
                         "listeners":[{"name":"http","port":%d,"protocol":"HTTP"}]}}
                """
                        .formatted(port));
    }

    private void createPool() {
        create(
                """
                {"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool",
                 "metadata":{"name":"pool"},
                 "spec":{"selector":{"matchLabels":{"app":"vllm"}},"targetPorts":[{"number":%d}],
                         "endpointPickerRef":{"name":"epp","port":{"number":9002}}}}
                """
                        .formatted(modelServer.getAddress().getPort()));
        create(
                """
                {"apiVersion":"v1","kind":"Pod","metadata":{"name":"vllm-0","labels":{"app":"vllm"}},
                 "spec":{"containers":[{"name":"vllm","image":"vllm"}]}}
                """);
        ObjectNode pod = client().get("v1", "Pod", "default", "vllm-0").orElseThrow();
        client().setStatus(
                        pod,
                        (ObjectNode)
                                Trees.parse(
                                        """
                                        {"phase":"Running","podIP":"127.0.0.1",
                                         "podIPs":[{"ip":"127.0.0.1"}],
                                         "conditions":[{"type":"Ready","status":"True"}]}
                                        """
                                                .getBytes(StandardCharsets.UTF_8)));
    }

    private static String route(String name, String path, String pool) {
        return """
        {"apiVersion":"gateway.networking.k8s.io/v1","kind":"HTTPRoute",
         "metadata":{"name":"%s"},
         "spec":{"parentRefs":[{"name":"gateway"}],
                 "rules":[{"matches":[{"path":{"type":"PathPrefix","value":"%s"}}],
                           "backendRefs":[{"group":"inference.networking.k8s.io",
                                           "kind":"InferencePool","name":"%s"}]}]}}
        """
                .formatted(name, path, pool);
    }

    private ObjectNode find(String kind, String name) {
        return client().get("gateway.networking.k8s.io/v1", kind, "default", name).orElseThrow();
    }

    private String condition(String kind, String name, String type) {
        return status(Trees.arrayAt(find(kind, name), "status", "conditions"), type);
    }

    private String routeCondition(String name, String type) {
        JsonNode parent = Trees.arrayAt(find("HTTPRoute", name), "status", "parents").path(0);
        return status(parent.path("conditions"), type);
    }

    private static String status(JsonNode conditions, String type) {
        for (JsonNode condition : conditions) {
            if (condition.path("type").asText().equals(type)) {
                return condition.path("status").asText();
            }
        }
        return "";
    }

    private String address() {
        return Trees.arrayAt(find("Gateway", "gateway"), "status", "addresses")
                .path(0)
                .path("value")
                .asText();
    }

    private int post(String path, int offset) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + (port + offset) + path))
                        .header("content-type", "application/json")
                        .timeout(Duration.ofSeconds(5))
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        "{\"model\":\"m\",\"prompt\":\"hello\"}"))
                        .build();
        return http.send(request, BodyHandlers.discarding()).statusCode();
    }

    private int ready(GatewayProgram gateway) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + gateway.adminPort() + "/readyz");
        return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding())
                .statusCode();
    }

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /** Two ports in a row, for two replicas. */
    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int found = socket.getLocalPort();
            return found < 65_000 ? found : freePort();
        }
    }
}

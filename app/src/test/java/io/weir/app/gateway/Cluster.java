package io.weir.app.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.app.CommandFailure;
import io.weir.app.tracing.TraceOptions;
import io.weir.config.PickerUse;
import io.weir.kubernetes.embedded.EmbeddedApi;
import io.weir.kubernetes.embedded.EmbeddedApiOptions;
import io.weir.kubernetes.embedded.client.ApiClient;
import io.weir.kubernetes.embedded.engine.DeleteOptions;
import io.weir.kubernetes.embedded.object.Trees;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** An API server with a kubeconfig, a model server, and the programs that tests start. */
public final class Cluster implements AutoCloseable {

    /** How long a leader that died keeps the others waiting. */
    public static final Duration LEASE = Duration.ofSeconds(2);

    private static final String GATEWAYS = "gateway.networking.k8s.io/v1";

    private final Path directory;
    private final boolean persistent;
    private final ModelServer model;
    private final int port;
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<GatewayProgram> programs = new ArrayList<>();
    private EmbeddedApi api;

    private Cluster(Path directory, boolean persistent) throws IOException {
        this.directory = directory;
        this.persistent = persistent;
        this.model = ModelServer.start();
        this.port = freePort();
        this.api = api(0);
    }

    /** Starts one that forgets everything. */
    public static Cluster start(Path directory) throws IOException {
        return new Cluster(directory, false);
    }

    /** Starts one whose API server can be restarted. */
    static Cluster startPersistent(Path directory) throws IOException {
        return new Cluster(directory, true);
    }

    private EmbeddedApi api(int apiPort) throws IOException {
        EmbeddedApi started =
                EmbeddedApi.start(
                        new EmbeddedApiOptions(
                                loopback(apiPort),
                                persistent
                                        ? Optional.of(directory.resolve("api"))
                                        : Optional.empty(),
                                List.of(),
                                (_, _, sink) -> sink.open().close(),
                                InstantSource.system(),
                                new SecureRandom()));
        started.kubeconfig().write(kubeconfig());
        return started;
    }

    /** Ends the API server; returns its port. */
    int stopApi() {
        int apiPort = api.address().getPort();
        api.close();
        return apiPort;
    }

    /** Starts the API server again. */
    void startApi(int apiPort) throws IOException {
        api = api(apiPort);
    }

    EmbeddedApi api() {
        return api;
    }

    ModelServer model() {
        return model;
    }

    /** Returns the file that says how to reach the API. */
    public Path kubeconfig() {
        return directory.resolve("kubeconfig");
    }

    /** Returns the port of the Gateway's listener; the next one is free, too. */
    public int port() {
        return port;
    }

    /** Starts a gateway. */
    GatewayProgram start(Setup setup) throws CommandFailure {
        GatewayProgram program = GatewayProgram.start(setup.options(kubeconfig()));
        programs.add(program);
        return program;
    }

    /** Returns a client of the API. */
    public ApiClient client() {
        return api.client("test");
    }

    /** Creates an object. */
    public void create(String json) {
        client().create(tree(json));
    }

    void delete(String kind, String name) {
        client().delete(find(kind, name), DeleteOptions.PLAIN);
    }

    /** Creates a Service for the program, a GatewayClass and a Gateway. */
    public void createGateway() {
        create(
                """
                {"apiVersion":"v1","kind":"Service","metadata":{"name":"weir"},
                 "spec":{"clusterIP":"10.96.0.17","ports":[{"port":80}]}}
                """);
        createGatewayClass();
        createGateway("gateway", "");
    }

    void createGatewayClass() {
        create(
                """
                {"apiVersion":"gateway.networking.k8s.io/v1","kind":"GatewayClass",
                 "metadata":{"name":"weir"},
                 "spec":{"controllerName":"weir.dev/gateway-controller"}}
                """);
    }

    /**
     * Creates a Gateway.
     *
     * @param more further members of its spec, each with a comma before it
     */
    void createGateway(String name, String more) {
        create(
                """
                {"apiVersion":"gateway.networking.k8s.io/v1","kind":"Gateway",
                 "metadata":{"name":"%s"},
                 "spec":{"gatewayClassName":"weir",
                         "listeners":[{"name":"http","port":%d,"protocol":"HTTP"}]%s}}
                """
                        .formatted(name, port, more));
    }

    /** Creates a pool of the model server. */
    public void createPool() {
        create(
                """
                {"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool",
                 "metadata":{"name":"pool"},
                 "spec":{"selector":{"matchLabels":{"app":"vllm"}},"targetPorts":[{"number":%d}],
                         "endpointPickerRef":{"name":"epp","port":{"number":9002},
                                               "failureMode":"FailOpen"}}}
                """
                        .formatted(model.port()));
        create(
                """
                {"apiVersion":"v1","kind":"Pod","metadata":{"name":"vllm-0","labels":{"app":"vllm"}},
                 "spec":{"containers":[{"name":"vllm","image":"vllm"}]}}
                """);
        ObjectNode pod = client().get("v1", "Pod", "default", "vllm-0").orElseThrow();
        client().setStatus(
                        pod,
                        tree(
                                """
                                {"phase":"Running","podIP":"127.0.0.1",
                                 "podIPs":[{"ip":"127.0.0.1"}],
                                 "conditions":[{"type":"Ready","status":"True"}]}
                                """));
    }

    /** Creates a route of the Gateway to the pool. */
    public void createRoute(String name, String path) {
        createRoute(name, path, "gateway");
    }

    void createRoute(String name, String path, String gateway) {
        create(
                """
                {"apiVersion":"gateway.networking.k8s.io/v1","kind":"HTTPRoute",
                 "metadata":{"name":"%s"},
                 "spec":{"parentRefs":[{"name":"%s"}],
                         "rules":[{"matches":[{"path":{"type":"PathPrefix","value":"%s"}}],
                                   "backendRefs":[{"group":"inference.networking.k8s.io",
                                                   "kind":"InferencePool","name":"pool"}]}]}}
                """
                        .formatted(name, gateway, path));
    }

    ObjectNode find(String kind, String name) {
        return client().get(GATEWAYS, kind, "default", name).orElseThrow();
    }

    /** Returns a condition of a Gateway, for instance {@code True/Accepted}; empty before. */
    String gatewayCondition(String name, String type) {
        return condition(Trees.arrayAt(find("Gateway", name), "status", "conditions"), type);
    }

    /** Returns a condition of a route, for instance {@code True/Accepted}; empty before. */
    public String routeCondition(String name, String type) {
        JsonNode parent = Trees.arrayAt(find("HTTPRoute", name), "status", "parents").path(0);
        return condition(parent.path("conditions"), type);
    }

    /** Returns a condition out of a list, for instance {@code True/Accepted}; empty before. */
    static String condition(JsonNode conditions, String type) {
        for (JsonNode condition : conditions) {
            if (condition.path("type").asText().equals(type)) {
                return condition.path("status").asText() + "/" + condition.path("reason").asText();
            }
        }
        return "";
    }

    /** Returns the addresses in the status of a Gateway. */
    List<String> addresses(String gateway) {
        List<String> addresses = new ArrayList<>();
        Trees.arrayAt(find("Gateway", gateway), "status", "addresses")
                .forEach(address -> addresses.add(address.path("value").asText()));
        return addresses;
    }

    /** Returns the status of the answer to a completion. */
    int post(String path, int offset) throws Exception {
        return post("127.0.0.1", port + offset, path);
    }

    int post(String address, int at, String path) throws Exception {
        return http.send(request(address, at, path), BodyHandlers.discarding()).statusCode();
    }

    /** Returns the answer to a completion as it comes. */
    public HttpResponse<InputStream> open(String path, int offset) throws Exception {
        return http.send(request("127.0.0.1", port + offset, path), BodyHandlers.ofInputStream());
    }

    /** Returns the status of a page, 0 where nobody listens. */
    public int get(int at, String path) throws InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + at + path);
        try {
            return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException e) {
            return 0;
        }
    }

    private static HttpRequest request(String address, int at, String path) {
        return HttpRequest.newBuilder(URI.create("http://" + address + ":" + at + path))
                .header("content-type", "application/json")
                .timeout(Duration.ofSeconds(10))
                .POST(BodyPublishers.ofString("{\"model\":\"llama\",\"prompt\":\"hello\"}"))
                .build();
    }

    static ObjectNode tree(String json) {
        return (ObjectNode) Trees.parse(json.getBytes(StandardCharsets.UTF_8));
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

    @Override
    public void close() {
        programs.forEach(GatewayProgram::close);
        api.close();
        model.close();
        http.shutdownNow();
    }

    /** Options of a gateway. */
    static final class Setup {
        private int offset;
        private @Nullable String identity;
        private @Nullable String pool;
        private @Nullable String service = "default/weir";
        private @Nullable Path kubeconfig;
        private String nodeAddress = "";
        private String address = "127.0.0.1";
        private Set<String> namespaces = Set.of();

        Setup offset(int added) {
            offset = added;
            return this;
        }

        Setup electing(String name) {
            identity = name;
            return this;
        }

        Setup pool(String cidr) {
            pool = cidr;
            return this;
        }

        Setup boundTo(String where) {
            service = null;
            address = where;
            return this;
        }

        Setup node(String where) {
            nodeAddress = where;
            return this;
        }

        Setup namespaces(String... names) {
            namespaces = Set.of(names);
            return this;
        }

        Setup kubeconfig(Path file) {
            kubeconfig = file;
            return this;
        }

        private GatewayOptions options(Path usual) {
            return new GatewayOptions(
                    kubeconfig == null ? usual : kubeconfig,
                    "weir.dev/gateway-controller",
                    namespaces,
                    address,
                    pool,
                    offset,
                    service,
                    nodeAddress,
                    identity == null
                            ? null
                            : new GatewayOptions.Election("default/weir", identity, LEASE),
                    loopback(0),
                    Duration.ofSeconds(5),
                    1 << 20,
                    Duration.ZERO,
                    PickerUse.AUTO,
                    null,
                    TraceOptions.NONE);
        }
    }
}

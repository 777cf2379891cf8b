package io.weir.extproc.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.BindableService;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.ServerCredentials;
import io.grpc.netty.NettyServerBuilder;
import io.weir.config.CompileOptions;
import io.weir.config.Snapshot;
import io.weir.config.SnapshotCompiler;
import io.weir.picker.Endpoint;
import io.weir.picker.PoolPicker;
import io.weir.proxy.DataPlane;
import io.weir.proxy.ProxySettings;
import io.weir.resource.ObjectKey;
import io.weir.resource.Origin;
import io.weir.resource.manifest.LoadResult;
import io.weir.resource.manifest.ManifestLoader;
import io.weir.resource.manifest.SourceText;
import io.weir.routing.Pool;
import io.weir.telemetry.ExchangeObserver;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** A data plane between real clients, real servers and a real gRPC picker, from manifests. */
final class Rig implements AutoCloseable {

    static final String BODY = "{\"model\":\"m\",\"prompt\":\"hello\"}";

    final ModelServer first;
    final ModelServer second;
    private final Map<String, String> annotations = new TreeMap<>();
    private final ExtProcPickers pickers = ExtProcPickers.create();
    private final DataPlane plane;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<Server> servers = new ArrayList<>();
    private String more = "";
    private List<Integer> morePorts = List.of();
    private String failureMode = "FailClose";
    private int pickerPort = 1;

    Rig() throws IOException {
        first = new ModelServer("first");
        second = new ModelServer("second");
        plane =
                new DataPlane(
                        ProxySettings.DEFAULT.withIoThreads(2),
                        Rig::builtIn,
                        pickers,
                        ExchangeObserver.NONE);
        annotate("picker-tls", "off");
    }

    private static PoolPicker builtIn(ObjectKey pool) {
        throw new AssertionError("the built-in picker was asked for " + pool);
    }

    Rig failOpen() {
        failureMode = "FailOpen";
        return this;
    }

    /** Speaks to the picker as it does where nothing is annotated. */
    Rig defaultSecurity() {
        annotations.clear();
        return this;
    }

    /** Adds manifests. */
    Rig with(String manifests) {
        more = manifests;
        return this;
    }

    /** Makes a further port an endpoint of the picker's Service. */
    void alsoAt(int port) {
        morePorts = List.of(port);
        assertThat(plane.apply(snapshot())).isEmpty();
    }

    Rig annotate(String name, String value) {
        annotations.put("weir.dev/" + name, value);
        return this;
    }

    /** Starts a picker on a port; 0 for any. */
    Server serve(BindableService picker, int port, ServerCredentials credentials)
            throws IOException {
        Server server =
                NettyServerBuilder.forAddress(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                                credentials)
                        .maxInboundMessageSize(64 << 20)
                        .addService(picker)
                        .build()
                        .start();
        servers.add(server);
        return server;
    }

    /** Starts a picker and a gateway that asks it. */
    Rig start(BindableService picker) throws IOException {
        return startAt(serve(picker, 0, InsecureServerCredentials.create()).getPort());
    }

    /** Starts a gateway that asks a picker at a port. */
    Rig startAt(int port) {
        pickerPort = port;
        Snapshot snapshot = snapshot();
        assertThat(plane.apply(snapshot)).isEmpty();
        return this;
    }

    private Snapshot snapshot() {
        LoadResult loaded =
                new ManifestLoader(Clock.systemUTC())
                        .loadTexts(
                                List.of(SourceText.of("test.yaml", manifests() + slices() + more)),
                                LoadResult.EMPTY);
        assertThat(loaded.problems()).isEmpty();
        var compiled = SnapshotCompiler.compile(loaded.objects(), options());
        assertThat(compiled.problems()).isEmpty();
        List<io.weir.config.Server> onAnyPort =
                compiled.snapshot().servers().stream()
                        .map(s ->
                                new io.weir.config.Server(
                                        "127.0.0.1", 0, s.protocol(), s.listeners()))
                        .toList();
        return new Snapshot(
                1, onAnyPort, compiled.snapshot().pools(), compiled.snapshot().handles());
    }

    Pool pool() {
        return snapshot().pools().values().iterator().next();
    }

    private CompileOptions options() {
        return new CompileOptions(
                _ -> true,
                true,
                _ -> "127.0.0.1",
                0,
                64 << 20,
                0,
                CompileOptions.Replicas.NONE,
                _ -> endpoints(),
                (_, _) -> new Origin("", 0));
    }

    List<Endpoint> endpoints() {
        return List.of(first.endpoint(), second.endpoint());
    }

    private String manifests() {
        StringBuilder notes = new StringBuilder();
        annotations.forEach(
                (name, value) -> notes.append(name).append(": \"").append(value).append("\", "));
        return """
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
          - backendRefs: [{group: inference.networking.k8s.io, kind: InferencePool, name: p}]
        ---
        apiVersion: inference.networking.k8s.io/v1
        kind: InferencePool
        metadata: {name: p, annotations: {%s}}
        spec:
          selector: {matchLabels: {app: p}}
          targetPorts: [{number: 8000}]
          endpointPickerRef: {name: epp, port: {number: 9002}, failureMode: %s}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: epp}
        spec: {ports: [{port: 9002}]}
        """
                .formatted(notes, failureMode);
    }

    private String slices() {
        StringBuilder slices = new StringBuilder(slice(pickerPort));
        morePorts.forEach(port -> slices.append(slice(port)));
        return slices.toString();
    }

    private static String slice(int port) {
        return """
        ---
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: {name: epp-%d, labels: {kubernetes.io/service-name: epp}}
        addressType: IPv4
        endpoints: [{addresses: [127.0.0.1]}]
        ports: [{port: %d}]
        """
                .formatted(port, port);
    }

    int port() {
        return plane.serving().getFirst().getPort();
    }

    DataPlane plane() {
        return plane;
    }

    HttpRequest.Builder request() {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + "/v1/completions"))
                .header("content-type", "application/json")
                .timeout(Duration.ofSeconds(20));
    }

    HttpResponse<String> post() throws IOException, InterruptedException {
        return post(BODY);
    }

    HttpResponse<String> post(String body) throws IOException, InterruptedException {
        return send(request().POST(HttpRequest.BodyPublishers.ofString(body)).build());
    }

    CompletableFuture<HttpResponse<String>> postLater() {
        HttpRequest post = request().POST(HttpRequest.BodyPublishers.ofString(BODY)).build();
        return client.sendAsync(post, HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    @Override
    public void close() {
        plane.close();
        pickers.close();
        servers.forEach(Server::shutdownNow);
        client.close();
        first.close();
        second.close();
    }
}

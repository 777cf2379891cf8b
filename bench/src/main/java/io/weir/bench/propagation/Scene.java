package io.weir.bench.propagation;

import com.sun.net.httpserver.HttpServer;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;

/**
 * What stands around the objects that change: many routes and pools, whose servers don't answer,
 * and two servers that do, by the names a and b.
 */
final class Scene implements AutoCloseable {

    private static final int WRITERS = 8;
    private static final int DEAD_PORT = 9;
    private static final long SETTLE_MILLIS = 3_000;

    private final int gatewayPort;
    private final HttpServer a = server("a");
    private final HttpServer b = server("b");

    Scene() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            gatewayPort = socket.getLocalPort();
        }
    }

    private static HttpServer server(String name) throws IOException {
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        HttpServer server = HttpServer.create(address, 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext(
                "/",
                exchange -> {
                    try (exchange) {
                        byte[] body = name.getBytes(StandardCharsets.UTF_8);
                        boolean asked = exchange.getRequestMethod().equals("POST");
                        exchange.getRequestBody().readAllBytes();
                        exchange.sendResponseHeaders(asked ? 200 : 404, body.length);
                        exchange.getResponseBody().write(body);
                    }
                });
        server.start();
        return server;
    }

    int gatewayPort() {
        return gatewayPort;
    }

    /** Returns the port of server a for odd numbers, of b for even ones. */
    int port(int number) {
        return (number % 2 == 1 ? a : b).getAddress().getPort();
    }

    /** Returns backends of which only a gets requests for odd numbers, only b for even ones. */
    String ab(int number) {
        int weight = number % 2;
        return Manifests.ref("probe-a", weight) + "," + Manifests.ref("probe-b", 1 - weight);
    }

    /** Writes all objects. */
    void create(ApiConnection api, Size size) throws InterruptedException {
        api.create(Manifests.CLASSES, Manifests.gatewayClass());
        api.create(Manifests.GATEWAYS, Manifests.gateway(gatewayPort, "b.probe"));
        pools(api, size);
        services(api);
        routes(api, size);
        pods(api, size);
    }

    private void services(ApiConnection api) {
        api.create("/api/v1/namespaces", Manifests.namespace("far"));
        for (String namespace : List.of("default", "far")) {
            api.create(Manifests.services(namespace), Manifests.service());
            api.create(
                    Manifests.slices(namespace),
                    Manifests.slice(port(namespace.equals("far") ? 1 : 0)));
        }
        api.create(Manifests.GRANTS, Manifests.grant("nobody"));
    }

    private void pools(ApiConnection api, Size size) throws InterruptedException {
        pool(api, "probe-a", "a", port(1));
        pool(api, "probe-b", "a", port(0));
        pool(api, "probe-pool", "a", port(0));
        pool(api, "probe-pods", "pods", port(1));
        pool(api, "probe-joined", "joined", port(1));
        together(size.pools(), i -> pool(api, "pool-" + i, "pool-" + i, DEAD_PORT));
    }

    private static void pool(ApiConnection api, String name, String app, int port) {
        api.create(Manifests.POOLS, Manifests.pool(name, app, port));
    }

    private void routes(ApiConnection api, Size size) throws InterruptedException {
        probe(api, "probe-route", "main", ab(0));
        probe(api, "probe-pool", "main", Manifests.ref("probe-pool", 1));
        probe(api, "probe-pods", "main", Manifests.ref("probe-pods", 1));
        probe(api, "probe-joined", "main", Manifests.ref("probe-joined", 1));
        probe(api, "probe-gateway", "probe", Manifests.ref("probe-a", 1));
        probe(api, "probe-grant", "main", Manifests.serviceRef("far"));
        probe(api, "probe-service", "main", Manifests.serviceRef("default"));
        probe(api, Traffic.NAME, "main", Manifests.ref("probe-a", 1));
        together(
                size.routes(),
                i -> api.create(Manifests.ROUTES, Manifests.route(i, "pool-" + i % size.pools())));
    }

    private static void probe(ApiConnection api, String name, String listener, String refs) {
        api.create(Manifests.ROUTES, Manifests.route(name, listener, "", "/" + name, refs));
    }

    /** A server that runs elsewhere says where once nobody else has anything to say of its Pod. */
    private static void pods(ApiConnection api, Size size) throws InterruptedException {
        List<String> live = List.of("server:a", "probe-pod:pods", "joining-pod:nobody");
        for (String pod : live) {
            String[] parts = pod.split(":", 2);
            api.create(Manifests.PODS, Manifests.pod(parts[0], parts[1]));
        }
        int dead = size.pools() * size.endpoints();
        together(
                dead,
                i ->
                        api.create(
                                Manifests.PODS,
                                Manifests.pod("pod-" + i, "pool-" + i / size.endpoints())));
        Thread.sleep(SETTLE_MILLIS);
        for (String pod : live) {
            String[] parts = pod.split(":", 2);
            status(api, parts[0], "127.0.0.1", !parts[1].equals("pods"));
        }
        together(dead, i -> status(api, "pod-" + i, address(i), true));
    }

    private static void status(ApiConnection api, String pod, String address, boolean ready) {
        api.merge(Manifests.PODS + "/" + pod + "/status", Manifests.podStatus(address, ready));
    }

    private static String address(int index) {
        return "127." + (1 + index / 62_500) + "." + index / 250 % 250 + "." + (1 + index % 250);
    }

    private static void together(int count, IntConsumer write) throws InterruptedException {
        AtomicInteger next = new AtomicInteger();
        AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
        List<Thread> writers = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            writers.add(
                    Thread.ofPlatform()
                            .start(() -> {
                                try {
                                    int n = next.getAndIncrement();
                                    for (; n < count; n = next.getAndIncrement()) {
                                        write.accept(n);
                                    }
                                } catch (RuntimeException e) {
                                    failure.compareAndSet(null, e);
                                }
                            }));
        }
        for (Thread writer : writers) {
            writer.join();
        }
        RuntimeException first = failure.get();
        if (first != null) {
            throw first;
        }
    }

    @Override
    public void close() {
        a.stop(0);
        b.stop(0);
    }
}

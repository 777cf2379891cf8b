package io.weir.app.tracing;

import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A model server that keeps the {@code traceparent} of each request. */
final class TracedServer implements AutoCloseable {

    private static final byte[] ANSWER =
            """
            {"usage": {"prompt_tokens": 7, "completion_tokens": 5, "total_tokens": 12}}
            """
                    .getBytes(StandardCharsets.UTF_8);

    private final List<String> parents = new CopyOnWriteArrayList<>();
    private final HttpServer server;
    private volatile int status = 200;

    private TracedServer(HttpServer server) {
        this.server = server;
    }

    static TracedServer start() throws IOException {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        HttpServer http = HttpServer.create(any, 0);
        TracedServer server = new TracedServer(http);
        http.createContext(
                "/v1/completions",
                exchange -> {
                    exchange.getRequestBody().readAllBytes();
                    server.parents.add(
                            String.valueOf(exchange.getRequestHeaders().getFirst("traceparent")));
                    exchange.getResponseHeaders().set("content-type", "application/json");
                    exchange.sendResponseHeaders(server.status, ANSWER.length);
                    exchange.getResponseBody().write(ANSWER);
                    exchange.close();
                });
        http.start();
        return server;
    }

    /** Returns an endpoints file that names it. */
    String endpointsFile() {
        return """
        endpoints:
        - {name: one, address: 127.0.0.1, port: "%d", labels: {app: p}}
        """
                .formatted(server.getAddress().getPort());
    }

    /** Returns what requests named as their parent, {@code null} where they named none. */
    List<String> parents() {
        return parents;
    }

    /** From now on it answers with this status. */
    void answerWith(int newStatus) {
        status = newStatus;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}

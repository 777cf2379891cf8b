package io.weir.app.gateway;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A model server: says which models it serves, answers at once, and where the path has {@code slow}
 * in it streams words.
 */
final class ModelServer implements AutoCloseable {

    private static final int WORDS = 15;
    private static final int PAUSE_MILLIS = 100;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private volatile String models = "llama";

    private ModelServer(HttpServer server) {
        this.server = server;
    }

    static ModelServer start() throws IOException {
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        ModelServer model = new ModelServer(HttpServer.create(address, 0));
        model.server.createContext("/", model::answer);
        model.server.setExecutor(model.threads);
        model.server.start();
        return model;
    }

    int port() {
        return server.getAddress().getPort();
    }

    /** Serves these models from now on, separated by spaces. */
    void serve(String names) {
        models = names;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            String path = exchange.getRequestURI().getPath();
            if (path.contains("slow")) {
                stream(exchange);
                return;
            }
            byte[] body = text(path).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private String text(String path) {
        return switch (path) {
            case "/metrics" -> "vllm:num_requests_waiting 0\n";
            case "/v1/models" ->
                    "{\"data\":[{\"id\":\"" + models.replace(" ", "\"},{\"id\":\"") + "\"}]}";
            default -> "{\"model\":\"served\"}";
        };
    }

    private static void stream(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("content-type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            for (int i = 0; i < WORDS; i++) {
                write(out, "data: {\"word\":" + i + "}\n\n");
                Thread.sleep(PAUSE_MILLIS);
            }
            write(out, "data: [DONE]\n\n");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}

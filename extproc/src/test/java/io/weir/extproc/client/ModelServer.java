package io.weir.extproc.client;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import io.weir.picker.Endpoint;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/** A server that sends back the body that it was sent, and its name. */
final class ModelServer implements AutoCloseable {

    /** What came in. */
    record Received(String path, Map<String, List<String>> headers) {}

    private final HttpServer server;
    private final String name;
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final CountDownLatch gate = new CountDownLatch(1);
    private volatile int status = 200;
    private volatile boolean holds;

    ModelServer(String name) throws IOException {
        this.name = name;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            received.add(
                    new Received(
                            exchange.getRequestURI().toString(),
                            Map.copyOf(exchange.getRequestHeaders())));
            if (holds) {
                gate.await();
            }
            exchange.getResponseHeaders().set("x-server", name);
            exchange.getResponseHeaders().set("content-type", "application/json");
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            if (body.length > 0) {
                exchange.getResponseBody().write(body);
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    /** Answers nothing until it is closed. */
    void hold() {
        holds = true;
    }

    void status(int answered) {
        status = answered;
    }

    List<Received> received() {
        return received;
    }

    String authority() {
        return endpoint().authority();
    }

    Endpoint endpoint() {
        return new Endpoint(name, "", "127.0.0.1", server.getAddress().getPort(), Map.of());
    }

    @Override
    public void close() {
        gate.countDown();
        server.stop(0);
    }
}

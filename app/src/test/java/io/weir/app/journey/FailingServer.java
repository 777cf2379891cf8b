package io.weir.app.journey;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** A server that looks healthy to whoever asks for metrics and models, and fails every request. */
final class FailingServer implements AutoCloseable {

    private final ServerSocket socket;
    private final Failure failure;
    private final AtomicInteger requests = new AtomicInteger();

    private FailingServer(ServerSocket socket, Failure failure) {
        this.socket = socket;
        this.failure = failure;
    }

    /** How it fails. */
    enum Failure {
        /** The connection is reset when the request arrives. */
        RESET,
        /** The connection is closed when the request arrives. */
        CLOSE,
        /** It answers 503. */
        UNAVAILABLE
    }

    static FailingServer start(Failure failure) throws IOException {
        FailingServer server =
                new FailingServer(
                        new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), failure);
        Thread.ofVirtual().start(server::accept);
        return server;
    }

    int port() {
        return socket.getLocalPort();
    }

    /** Returns how many completion requests arrived. */
    int requests() {
        return requests.get();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = socket.accept();
                Thread.ofVirtual().start(() -> serve(client));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void serve(Socket client) {
        byte[] buffer = new byte[64 * 1024];
        try (client) {
            while (true) {
                int length = client.getInputStream().read(buffer);
                if (length < 0) {
                    return;
                }
                String request = new String(buffer, 0, length, StandardCharsets.US_ASCII);
                if (request.startsWith("GET")) {
                    answer(client, "200 OK", idle(request));
                } else if (request.startsWith("POST")) {
                    requests.incrementAndGet();
                    if (fail(client)) {
                        return;
                    }
                }
            }
        } catch (IOException e) {
            // the client went away
        }
    }

    /** Returns whether the connection is done with. */
    private boolean fail(Socket client) throws IOException {
        switch (failure) {
            case RESET -> client.setSoLinger(true, 0);
            case CLOSE -> {}
            case UNAVAILABLE -> answer(client, "503 Service Unavailable", "busy");
        }
        return failure != Failure.UNAVAILABLE;
    }

    /** The page of a server with nothing to do. */
    private static String idle(String request) {
        return request.startsWith("GET /v1/models")
                ? """
                {"object": "list", "data": [
                  {"id": "meta-llama/Llama-3.1-8B-Instruct", "object": "model"},
                  {"id": "food-review-1", "object": "model",
                   "parent": "meta-llama/Llama-3.1-8B-Instruct"}]}
                """
                : """
                vllm:num_requests_running{model_name="food-review-1"} 0
                vllm:num_requests_waiting{model_name="food-review-1"} 0
                vllm:kv_cache_usage_perc{model_name="food-review-1"} 0
                """;
    }

    private static void answer(Socket client, String status, String body) throws IOException {
        String answer =
                "HTTP/1.1 "
                        + status
                        + "\r\nContent-Type: text/plain\r\nContent-Length: "
                        + body.length()
                        + "\r\n\r\n"
                        + body;
        client.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

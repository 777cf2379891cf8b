package io.weir.simulator;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** One request and its answer, with the headers that every answer carries. */
final class Exchange {

    private final HttpExchange exchange;
    private boolean answered;

    Exchange(HttpExchange exchange, SimulatorConfig config) {
        this.exchange = exchange;
        Headers headers = exchange.getResponseHeaders();
        headers.set("x-inference-pod", config.podName());
        headers.set("x-inference-namespace", config.namespace());
        headers.set("x-inference-port", Integer.toString(exchange.getLocalAddress().getPort()));
        String id = header("X-Request-Id");
        if (id != null) {
            headers.set("X-Request-Id", id);
        }
    }

    /** Answers a request. */
    interface Handler {
        void handle(Exchange exchange) throws IOException, HttpError, InterruptedException;
    }

    String method() {
        return exchange.getRequestMethod();
    }

    @Nullable String header(String name) {
        return exchange.getRequestHeaders().getFirst(name);
    }

    byte[] body(long mostBytes) throws IOException, HttpError {
        try (InputStream in = exchange.getRequestBody()) {
            byte[] body = in.readNBytes((int) Math.min(Integer.MAX_VALUE - 8, mostBytes + 1));
            if (body.length > mostBytes) {
                throw new HttpError(413, "Request body is larger than " + mostBytes, null);
            }
            return body;
        }
    }

    void closeAfterwards() {
        exchange.getResponseHeaders().set("Connection", "close");
    }

    void answer(int status, String contentType, byte[] body) throws IOException {
        answered = true;
        exchange.getResponseHeaders().set("Content-Type", contentType);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
        }
    }

    void json(byte[] body) throws IOException {
        answer(200, "application/json", body);
    }

    /** Starts a streamed answer. */
    OutputStream stream() throws IOException {
        answered = true;
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream; charset=utf-8");
        exchange.getResponseHeaders().set("Cache-Control", "no-cache");
        exchange.sendResponseHeaders(200, 0);
        return exchange.getResponseBody();
    }

    /** Answers with an error unless the answer has begun. */
    void error(HttpError error) throws IOException {
        if (!answered) {
            answer(error.status(), "application/json", Json.utf8(error.body()));
        }
    }

    /**
     * Closes the connection without another byte: the server drops a connection whose handler
     * throws, where an orderly close would end the answer properly.
     */
    static IOException cut() {
        return new CutException();
    }

    /** Ends a connection on purpose. */
    static final class CutException extends IOException {}
}

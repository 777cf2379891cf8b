package io.weir.picker.tokens;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Asks over HTTP. Its threads begin with the first question. Thread-safe. */
public final class TokenClient implements AutoCloseable {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);
    private static final long MOST_ANSWER_BYTES = 64L << 20;
    private static final int OK = 200;

    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private @Nullable HttpClient client;
    private boolean closed;

    /** A server that does not tell. */
    static final class RefusedException extends IOException {

        private static final long serialVersionUID = 1L;

        private final int status;

        RefusedException(int status) {
            super("status " + status);
            this.status = status;
        }

        /** Returns whether the request is to blame, and others may be answered. */
        boolean isAboutTheRequest() {
            return status == 400 || status == 413 || status == 422;
        }
    }

    /** Asks; fails with an IOException, perhaps as a cause. */
    CompletableFuture<TokenList> ask(
            URI uri, byte[] body, @Nullable String authorization, Duration timeout) {
        HttpClient asking = client();
        if (asking == null) {
            return CompletableFuture.failedFuture(new IOException("closed"));
        }
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri)
                        .timeout(timeout)
                        .header("content-type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        if (authorization != null) {
            request.header("authorization", authorization);
        }
        return asking.sendAsync(
                        request.build(),
                        BodyHandlers.limiting(BodyHandlers.ofByteArray(), MOST_ANSWER_BYTES))
                .thenApply(TokenClient::tokens);
    }

    private static TokenList tokens(HttpResponse<byte[]> answer) {
        try {
            if (answer.statusCode() != OK) {
                throw new RefusedException(answer.statusCode());
            }
            return TokenList.read(answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private synchronized @Nullable HttpClient client() {
        if (client == null && !closed) {
            client =
                    HttpClient.newBuilder()
                            .version(HttpClient.Version.HTTP_1_1)
                            .connectTimeout(CONNECT_TIMEOUT)
                            .executor(executor)
                            .build();
        }
        return client;
    }

    /** Gives up all questions. */
    @Override
    public synchronized void close() {
        closed = true;
        if (client != null) {
            client.shutdownNow();
            client = null;
        }
        executor.shutdownNow();
    }
}

package io.weir.app.envoy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** A client of a proxy. */
final class Client implements AutoCloseable {

    static final String CHAT = "/v1/chat/completions";

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** Returns the body of a chat request. */
    static String chat(String model, String more) {
        return """
        {"model": "%s", "messages": [{"role": "user", "content": "Hello"}]%s}\
        """
                .formatted(model, more);
    }

    HttpResponse<String> post(URI url, String body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(url)
                        .timeout(Duration.ofSeconds(60))
                        .header("content-type", "application/json")
                        .POST(BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    HttpResponse<String> get(URI url) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(url).timeout(Duration.ofSeconds(60)).build();
        return client.send(request, BodyHandlers.ofString());
    }

    /** Returns which server answered. */
    static String pod(HttpResponse<?> answer) {
        return answer.headers().firstValue("x-inference-pod").orElse("");
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}

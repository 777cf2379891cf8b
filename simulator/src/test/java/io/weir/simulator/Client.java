package io.weir.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A client of one simulated server. */
final class Client implements AutoCloseable {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(5))
                    .build();
    private final String base;

    Client(SimulatorServer server) {
        this(server.address().getAddress().getHostAddress(), server.port());
    }

    Client(int port) {
        this("127.0.0.1", port);
    }

    private Client(String host, int port) {
        base = "http://" + host + ":" + port;
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return http.send(request(path).build(), BodyHandlers.ofString());
    }

    HttpResponse<String> post(String path, String body, String... headers)
            throws IOException, InterruptedException {
        return http.send(posting(path, body, headers), BodyHandlers.ofString());
    }

    HttpResponse<String> chat(String body, String... headers)
            throws IOException, InterruptedException {
        return post("/v1/chat/completions", body, headers);
    }

    HttpRequest posting(String path, String body, String... headers) {
        HttpRequest.Builder request =
                request(path)
                        .header("content-type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body));
        return headers.length == 0 ? request.build() : request.headers(headers).build();
    }

    HttpClient http() {
        return http;
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(base + path)).timeout(Duration.ofSeconds(20));
    }

    static JsonNode json(HttpResponse<String> response) {
        return json(response.body());
    }

    static JsonNode json(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(text, e);
        }
    }

    /** Returns the data of a stream's events. */
    static List<String> data(HttpResponse<String> stream) {
        List<String> data = new ArrayList<>();
        for (String event : stream.body().split("\n\n", -1)) {
            Arrays.stream(event.split("\n", -1))
                    .filter(line -> line.startsWith("data: "))
                    .map(line -> line.substring("data: ".length()))
                    .forEach(data::add);
        }
        return data;
    }

    @Override
    public void close() {
        http.close();
    }
}

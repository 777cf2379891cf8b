package io.weir.app.journey;

import io.weir.app.CommandFailure;
import io.weir.app.command.UpArguments;
import io.weir.app.up.Terminal;
import io.weir.app.up.UpProgram;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** A running {@code weir up} and a client of it. */
final class WeirRunner implements AutoCloseable {

    private static final Path EXAMPLES = Path.of("..", "examples");

    private final UpProgram program;
    private final StringWriter out;
    private final StringWriter err;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private WeirRunner(UpProgram program, StringWriter out, StringWriter err) {
        this.program = program;
        this.out = out;
        this.err = err;
    }

    /** Starts {@code weir up} with these arguments, on free ports. */
    static WeirRunner up(String... args) throws CommandFailure {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        List<String> all = new ArrayList<>(List.of(args));
        all.addAll(List.of("--admin-port", "0", "--api-port", "0"));
        if (!all.contains("--data-dir")) {
            all.add("--ephemeral");
        }
        UpProgram program =
                UpProgram.startOnFreePorts(
                        UpArguments.parse(all.toArray(String[]::new)),
                        new Terminal(new PrintWriter(out, true), new PrintWriter(err, true)),
                        RandomGenerator.getDefault());
        return new WeirRunner(program, out, err);
    }

    /** Returns the folder of an example. */
    static Path example(String name) {
        return EXAMPLES.resolve(name);
    }

    /** Copies an example to where a test may edit it. */
    static Path copyOf(String example, Path target) throws IOException {
        try (Stream<Path> files = Files.list(example(example))) {
            for (Path file : files.toList()) {
                Files.copy(file, target.resolve(file.getFileName()));
            }
        }
        return target;
    }

    /** Returns the address of the first listener. */
    URI url(String path) {
        int port = program.addresses().getFirst().getPort();
        return URI.create("http://127.0.0.1:" + port + path);
    }

    /** Sends a chat request for a model. */
    Answer chat(String model) {
        return post(
                "/v1/chat/completions",
                """
                {"model": "%s", "messages": [{"role": "user", "content": "Hello"}]}\
                """
                        .formatted(model));
    }

    /** Sends a completion request for a model. */
    Answer completion(String model) {
        return post(
                "/v1/completions",
                """
                {"model": "%s", "prompt": "Once upon", "max_tokens": 20, "temperature": 0}\
                """
                        .formatted(model));
    }

    /** Sends a body, with further headers: name, value, name, value. */
    Answer post(String path, String body, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(url(path))
                        .header("Content-Type", "application/json")
                        .timeout(Duration.ofSeconds(60))
                        .POST(BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return send(request.build());
    }

    /** Gets a page of the first listener. */
    Answer get(String path) {
        return send(HttpRequest.newBuilder(url(path)).build());
    }

    /** Gets an admin page. */
    Answer admin(String path) {
        URI page = URI.create("http://127.0.0.1:" + program.adminPort() + path);
        return send(HttpRequest.newBuilder(page).build());
    }

    private Answer send(HttpRequest request) {
        try {
            HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
            return new Answer(
                    response.statusCode(),
                    response.headers().firstValue("x-inference-pod").orElse(""),
                    response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Returns what was printed on the standard output. */
    String out() {
        return out.toString();
    }

    /** Returns what was printed on the standard error. */
    String err() {
        return err.toString();
    }

    /** Returns the program. */
    UpProgram program() {
        return program;
    }

    @Override
    public void close() {
        client.close();
        program.close();
    }
}

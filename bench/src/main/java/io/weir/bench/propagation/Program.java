package io.weir.bench.propagation;

import io.weir.bench.compare.ChildProcess;
import io.weir.bench.compare.ProcessUsage;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A gateway in a process of its own. */
final class Program implements AutoCloseable {

    private static final Duration START_TIMEOUT = Duration.ofMinutes(5);
    private static final Pattern USED = Pattern.compile("used (\\d+)K");

    private final Process process;

    private Program(Process process) {
        this.process = process;
    }

    /** Starts a command and waits until its admin port says that it is ready. */
    static Program start(List<String> command, int adminPort, Path log)
            throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        Program program = new Program(process);
        long end = System.nanoTime() + START_TIMEOUT.toNanos();
        while (!isReady(adminPort)) {
            if (!process.isAlive() || System.nanoTime() > end) {
                program.close();
                throw new IOException(command.get(1) + " does not get ready; see " + log);
            }
            Thread.sleep(100);
        }
        return program;
    }

    private static boolean isReady(int port) throws InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + port + "/readyz");
        try (HttpClient client = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(1)).build();
            return client.send(request, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    /** Returns CPU time used so far, in microseconds. */
    long cpuMicros() {
        return ProcessUsage.of(process.pid()).cpuMicros();
    }

    /** Collects garbage and returns what memory is left. */
    String memory() throws IOException, InterruptedException {
        jcmd("GC.run");
        long kib = usedKib(jcmd("GC.heap_info").split("Metaspace", 2)[0]);
        long rss = ProcessUsage.of(process.pid()).residentBytes();
        return "RSS %d MiB, heap after a collection %d MiB".formatted(rss >> 20, kib >> 10);
    }

    /** Adds up the parts of the heap. */
    private static long usedKib(String heap) {
        long kib = 0;
        for (Matcher used = USED.matcher(heap); used.find(); ) {
            kib += Long.parseLong(used.group(1));
        }
        return kib;
    }

    private String jcmd(String command) throws IOException, InterruptedException {
        Path java = Path.of(process.info().command().orElse("java"));
        Path tool = java.resolveSibling("jcmd");
        Process run =
                new ProcessBuilder(tool.toString(), Long.toString(process.pid()), command)
                        .redirectErrorStream(true)
                        .start();
        String text = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        run.waitFor();
        return text;
    }

    @Override
    public void close() {
        ChildProcess.end(process);
    }
}

package io.weir.app.journey;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The program as a process of its own, as the launcher starts it. */
final class WeirProcess implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 60;
    private static final String END = "(end of output)";

    private final Process process;
    private final BlockingQueue<String> out = new LinkedBlockingQueue<>();
    private final List<String> said = new ArrayList<>();
    private final Path err;

    private WeirProcess(Process process, Path err) {
        this.process = process;
        this.err = err;
        Thread.ofVirtual().start(this::read);
    }

    /** Starts the program with these arguments. */
    static WeirProcess start(String... args) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--enable-native-access=ALL-UNNAMED");
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add("io.weir.app.Main");
        command.addAll(List.of(args));
        Path err = Files.createTempFile("weir", ".err");
        return new WeirProcess(
                new ProcessBuilder(command).redirectError(err.toFile()).start(), err);
    }

    private void read() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            lines.lines().forEach(out::add);
        } catch (IOException e) {
            out.add(e.toString());
        } finally {
            out.add(END);
        }
    }

    /** Waits for the line of the standard output that begins so. */
    String lineBeginning(String start) throws InterruptedException, IOException {
        for (String line; (line = out.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)) != null; ) {
            said.add(line);
            if (line.startsWith(start)) {
                return line;
            }
            if (line.equals(END)) {
                break;
            }
        }
        throw new AssertionError("no line \"" + start + "\" in " + said + "\n" + err());
    }

    /** Waits until the program serves and returns the address of its listener. */
    URI ready() throws InterruptedException, IOException {
        return URI.create(lineBeginning("ready").split(" ", -1)[1]);
    }

    /** Returns what was printed on the standard error so far. */
    String err() throws IOException {
        return Files.readString(err);
    }

    /** Sends a signal by its name. */
    void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, "" + process.pid()).inheritIO().start().waitFor();
    }

    /** Returns whether the process was told to ignore Ctrl-C before it began, as some shells do. */
    boolean ignoresInterrupts() throws IOException {
        Path status = Path.of("/proc/" + process.pid() + "/status");
        if (!Files.exists(status)) {
            return false;
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .mapToLong(line -> Long.parseUnsignedLong(line.substring(7).trim(), 16))
                .anyMatch(ignored -> (ignored & 2) != 0);
    }

    /** Waits for the end of the process and returns its exit code. */
    int exitCode() throws InterruptedException {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("still running");
        }
        return process.exitValue();
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        Files.delete(err);
    }
}

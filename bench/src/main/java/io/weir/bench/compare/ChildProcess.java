package io.weir.bench.compare;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process that listens on a port, pinned to one core. */
public final class ChildProcess implements AutoCloseable {

    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);

    private final Process process;

    private ChildProcess(Process process) {
        this.process = process;
    }

    /** Starts a command on a core and waits until the address accepts connections. */
    public static ChildProcess start(
            int core, List<String> command, Path log, InetSocketAddress awaited) {
        List<String> pinned = new ArrayList<>(List.of("taskset", "-c", Integer.toString(core)));
        pinned.addAll(command);
        try {
            Process process =
                    new ProcessBuilder(pinned)
                            .redirectErrorStream(true)
                            .redirectOutput(log.toFile())
                            .start();
            var child = new ChildProcess(process);
            child.await(awaited, log);
            return child;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot start " + command.getFirst() + ": is it installed?", e);
        }
    }

    /** Runs {@code weir up} on a core; its admin port is the next after that of the listener. */
    public static ChildProcess weirUp(
            int core, Path launcher, Path manifests, Path log, InetSocketAddress listen) {
        List<String> command =
                List.of(
                        launcher.toString(),
                        "up",
                        "-f",
                        manifests.toString(),
                        "--admin-port",
                        Integer.toString(listen.getPort() + 1));
        return start(core, command, log, listen);
    }

    long pid() {
        return process.pid();
    }

    private void await(InetSocketAddress address, Path log) {
        long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
        while (System.nanoTime() < deadline) {
            if (!process.isAlive()) {
                throw new IllegalStateException(
                        "the process ended with " + process.exitValue() + "; see " + log);
            }
            if (accepts(address)) {
                return;
            }
            pause();
        }
        close();
        throw new IllegalStateException(address + " did not open in time; see " + log);
    }

    private static boolean accepts(InetSocketAddress address) {
        try (var socket = new Socket()) {
            socket.connect(address, 200);
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    @Override
    public void close() {
        end(process);
    }

    /** Asks a process to end and, when it does not, ends it. */
    public static void end(Process process) {
        process.destroy();
        try {
            if (!process.waitFor(15, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}

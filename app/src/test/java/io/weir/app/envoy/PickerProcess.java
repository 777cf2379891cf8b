package io.weir.app.envoy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code weir picker} as a process of its own, which can be killed. */
final class PickerProcess implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 60;

    private final Process process;

    private PickerProcess(Process process) {
        this.process = process;
    }

    /**
     * Starts it and waits until it serves.
     *
     * @param port port of the service
     */
    static PickerProcess start(int port, Path folder, String... flags)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-Xmx512m"));
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(List.of("io.weir.app.Main", "picker", "--address", "127.0.0.1"));
        command.addAll(List.of("--grpc-port", "" + port, "--grpc-health-port", "0"));
        command.addAll(List.of("--metrics-port", "0"));
        command.addAll(List.of(flags));
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("picker-" + port + ".log").toFile())
                        .start();
        PickerProcess picker = new PickerProcess(process);
        picker.await(port);
        return picker;
    }

    private void await(int port) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (System.nanoTime() < end && process.isAlive()) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 100);
                return;
            } catch (IOException e) {
                Thread.sleep(50);
            }
        }
        close();
        throw new AssertionError("the picker does not serve");
    }

    /** Kills it without a word. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Lets it hang, or go on. */
    void hang(boolean hangs) throws IOException, InterruptedException {
        String signal = hangs ? "-STOP" : "-CONT";
        new ProcessBuilder("kill", signal, "" + process.pid()).inheritIO().start().waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}

package io.weir.bench.compare;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Envoy on one thread with one of our example configurations, and Weir's picker beside it. */
record EnvoyWithPicker(InetSocketAddress address, ChildProcess envoy, ChildProcess picker)
        implements AutoCloseable {

    private static final String EXAMPLE = "examples/envoy/picker.yaml";
    private static final String EXAMPLE_LISTENER = "port_value: 10000}";
    private static final String EXAMPLE_PICKER = "port_value: 9002}";

    /**
     * Starts both.
     *
     * @param launcher the {@code weir} launcher, beside the examples
     * @param program the Envoy
     * @param javaOptions options of the picker's virtual machine
     */
    static EnvoyWithPicker start(
            Path launcher,
            Path program,
            String javaOptions,
            Path directory,
            int core,
            InetSocketAddress listen,
            List<InetSocketAddress> servers) {
        int port = listen.getPort() + 1;
        ChildProcess picker =
                PickerProcess.start(
                        launcher,
                        List.of("--metrics-port=0"),
                        javaOptions,
                        directory,
                        core,
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                        servers);
        Path config = directory.resolve("envoy.yaml");
        try {
            String text = Files.readString(launcher.resolveSibling(EXAMPLE));
            Files.writeString(
                    config,
                    text.replace(EXAMPLE_LISTENER, "port_value: " + listen.getPort() + "}")
                            .replace(EXAMPLE_PICKER, "port_value: " + port + "}"));
        } catch (IOException e) {
            picker.close();
            throw new UncheckedIOException(e);
        }
        List<String> command =
                List.of(
                        program.toString(),
                        "-c",
                        config.toString(),
                        "--concurrency",
                        "1",
                        "--disable-hot-restart",
                        "-l",
                        "error");
        return new EnvoyWithPicker(
                listen,
                ChildProcess.start(core, command, directory.resolve("envoy.log"), listen),
                picker);
    }

    @Override
    public void close() {
        envoy.close();
        picker.close();
    }
}

package io.weir.bench.compare;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Weir's picker as a process of its own. */
final class PickerProcess {

    private PickerProcess() {}

    /**
     * Starts a picker over the given servers.
     *
     * @param launcher the {@code weir} launcher
     * @param options further options of the command
     * @param javaOptions options of its virtual machine
     * @param directory where its log and its endpoints file go
     */
    static ChildProcess start(
            Path launcher,
            List<String> options,
            String javaOptions,
            Path directory,
            int core,
            InetSocketAddress listen,
            List<InetSocketAddress> servers) {
        Path endpoints = endpoints(directory, servers);
        List<String> command =
                new ArrayList<>(
                        List.of(
                                "env",
                                "WEIR_JAVA_OPTS=" + javaOptions,
                                launcher.toString(),
                                "picker",
                                "--pool-name=llm",
                                "--address=127.0.0.1",
                                "--endpoints-file=" + endpoints,
                                "--grpc-port=" + listen.getPort()));
        command.addAll(options);
        Path log = directory.resolve("picker-" + listen.getPort() + ".log");
        return ChildProcess.start(core, command, log, listen);
    }

    private static Path endpoints(Path directory, List<InetSocketAddress> servers) {
        StringBuilder endpoints = new StringBuilder("endpoints:\n");
        for (int i = 0; i < servers.size(); i++) {
            InetSocketAddress server = servers.get(i);
            endpoints.append(
                    "  - {name: s%d, address: %s, port: \"%d\"}\n"
                            .formatted(i, server.getHostString(), server.getPort()));
        }
        Path file = directory.resolve("endpoints.yaml");
        try {
            return Files.writeString(file, endpoints);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

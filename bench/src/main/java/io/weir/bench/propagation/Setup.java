package io.weir.bench.propagation;

import io.weir.kubernetes.embedded.EmbeddedApi;
import io.weir.kubernetes.embedded.EmbeddedApiOptions;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How the gateway runs. */
public enum Setup {
    /** {@code weir up}: with its own API. */
    UP {
        @Override
        Running start(Path launcher, Path directory) throws IOException, InterruptedException {
            int admin = freePort();
            List<String> command =
                    command(launcher, "up", admin, "--empty", "--simulate", "none", "--data-dir");
            command.add(directory.toString());
            command.addAll(List.of("--api-port", Integer.toString(freePort())));
            Program program = Program.start(command, admin, directory.resolve("up.log"));
            return new Running(program, directory.resolve("kubeconfig"), null);
        }
    },
    /** {@code weir gateway}: with the API of another process. */
    GATEWAY {
        @Override
        Running start(Path launcher, Path directory) throws IOException, InterruptedException {
            EmbeddedApi api =
                    EmbeddedApi.start(
                            new EmbeddedApiOptions(
                                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                                    Optional.of(directory.resolve("api")),
                                    List.of(),
                                    (_, _, sink) -> sink.open().close(),
                                    InstantSource.system(),
                                    new SecureRandom()));
            Path kubeconfig = directory.resolve("kubeconfig");
            api.kubeconfig().write(kubeconfig);
            int admin = freePort();
            List<String> command = command(launcher, "gateway", admin, "--kubeconfig");
            command.add(kubeconfig.toString());
            Program program = Program.start(command, admin, directory.resolve("gateway.log"));
            return new Running(program, kubeconfig, api);
        }
    };

    abstract Running start(Path launcher, Path directory) throws IOException, InterruptedException;

    private static List<String> command(Path launcher, String name, int admin, String... others) {
        List<String> command = new ArrayList<>(List.of(launcher.toString(), name));
        command.addAll(List.of("--admin-port", Integer.toString(admin)));
        command.addAll(List.of("--address", "127.0.0.1", "--pickers", "builtin"));
        command.addAll(List.of(others));
        return command;
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /**
     * What runs.
     *
     * @param program the gateway
     * @param kubeconfig how to reach the API
     * @param api the API when it is not the gateway's own
     */
    record Running(Program program, Path kubeconfig, @Nullable EmbeddedApi api)
            implements AutoCloseable {
        @Override
        public void close() {
            program.close();
            if (api != null) {
                api.close();
            }
        }
    }
}

package io.weir.kubernetes.embedded;

import io.weir.kubernetes.embedded.workload.Workloads;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Starts the API server from an IDE: {@code ApiRunner PORT KUBECONFIG [DATA-DIRECTORY]}. */
final class ApiRunner {

    private ApiRunner() {}

    public static void main(String[] arguments) throws Exception {
        Optional<Path> data =
                arguments.length > 2 ? Optional.of(Path.of(arguments[2])) : Optional.empty();
        FakePods pods = new FakePods();
        EmbeddedApiOptions options =
                new EmbeddedApiOptions(
                        new InetSocketAddress(
                                InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0])),
                        data,
                        List.of(),
                        pods,
                        InstantSource.system(),
                        new SecureRandom());
        try (EmbeddedApi api = EmbeddedApi.start(options)) {
            Workloads workloads = new Workloads(api.client("weir"), pods, InstantSource.system());
            api.subscribe("weir-workloads", workloads);
            api.kubeconfig().write(Path.of(arguments[1]));
            System.out.println("listening on " + api.url());
            Thread.currentThread().join();
        }
    }
}

package io.weir.app.command;

import io.weir.app.CommandFailure;
import io.weir.app.picker.PickerProgram;
import io.weir.app.picker.PickerRun;
import io.weir.bench.extproc.DirectLoad;
import io.weir.bench.extproc.DirectPlan;
import io.weir.simulator.SimulatorConfig;
import io.weir.simulator.SimulatorHost;

import picocli.CommandLine;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Runs {@code weir picker} for a moment before simulated servers, and asks it as Envoy does. */
final class PickerRehearsal {

    private static final String MODEL = "llm";
    private static final int SERVERS = 3;
    private static final Duration EACH = Duration.ofSeconds(2);

    private PickerRehearsal() {}

    static void run() throws CommandFailure, IOException {
        Path endpoints = Files.createTempFile("weir-warm-up", ".yaml");
        try (SimulatorHost host = new SimulatorHost()) {
            Files.writeString(endpoints, servers(host));
            try (PickerProgram picker = PickerProgram.start(arguments(endpoints))) {
                int port = picker.serving().grpcPort();
                DirectLoad.run(plan(port, 200, 1), () -> {});
                DirectLoad.run(plan(port, 25, 20), () -> {});
            }
        } finally {
            Files.delete(endpoints);
        }
    }

    private static String servers(SimulatorHost host) throws IOException {
        StringBuilder text = new StringBuilder("endpoints:\n");
        for (int i = 0; i < SERVERS; i++) {
            String name = MODEL + "-" + i;
            int port = host.start(SimulatorConfig.of(name, MODEL)).port();
            text.append("  - {name: " + name + ", address: 127.0.0.1, port: \"" + port + "\"}\n");
        }
        return text.toString();
    }

    private static PickerRun arguments(Path endpoints) throws CommandFailure {
        PickerCommand command = new PickerCommand();
        Weir.prepared(new CommandLine(command))
                .parseArgs(
                        "--pool-name",
                        MODEL,
                        "--endpoints-file",
                        endpoints.toString(),
                        "--address",
                        "127.0.0.1",
                        "--grpc-port",
                        "0",
                        "--grpc-health-port",
                        "0",
                        "--metrics-port",
                        "0");
        return command.options();
    }

    private static DirectPlan plan(int port, int requestsPerSecond, int chunks) {
        return new DirectPlan(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                true,
                MODEL,
                2,
                requestsPerSecond,
                requestsPerSecond,
                1_000,
                chunks,
                Duration.ofMillis(5),
                Duration.ZERO,
                EACH);
    }
}

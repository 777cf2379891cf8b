package io.weir.app.command;

import io.weir.app.CommandFailure;
import io.weir.app.Signals;
import io.weir.simulator.SimulatorArguments;
import io.weir.simulator.SimulatorHost;
import io.weir.simulator.SimulatorServer;
import io.weir.simulator.engine.EngineProfile;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** {@code weir simulate}. */
@Command(
        name = "simulate",
        description = {
            "Runs simulated model servers in the foreground.",
            "",
            "They speak the HTTP of vLLM: completions, models with LoRA adapters, embeddings,"
                    + " metrics and error bodies. Flags that are not listed here are those of"
                    + " vLLM and of llm-d-inference-sim.",
            ""
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "Flags of the servers:",
            "  --model NAME  --served-model-name NAME...  --lora-modules JSON|NAME=PATH...",
            "  --max-loras N  --max-num-seqs N  --max-model-len N",
            "  --max-waiting-queue-length N",
            "  --latency-profile instant|llama-3.1-8b-h100|qwen3-32b-2xh100|llama2-7b-a100",
            "  --time-scale FACTOR  --time-to-first-token DURATION",
            "  --inter-token-latency DURATION  --mode random|echo  --seed N",
            "  --failure-injection-rate PERCENT  --failure-types NAME...",
            "  --data-parallel-size N",
            "  --fault-status N  --fault-reset  --fault-stall DURATION",
            "  --fault-cut-after-chunks N",
            "",
            "Examples:",
            "  weir simulate --model meta-llama/Llama-3.1-8B-Instruct",
            "  weir simulate --model base --lora-modules food-review-1 --replicas 3",
            "  weir simulate --model base --latency-profile llama-3.1-8b-h100",
            "",
            "Exit codes: 0 stopped by a signal, 1 could not start, 64 wrong command line."
        })
final class SimulateCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Option(
            names = "--replicas",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "How many servers; each has its own ports, after those of the one before."
                            + " Default: ${DEFAULT-VALUE}")
    private int replicas;

    @Option(
            names = "--address",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "Address to listen on. Default: ${DEFAULT-VALUE}")
    private String address;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            defaultValue = "simulator",
            description =
                    "Name that answers carry in x-inference-pod, with a number behind it."
                            + " Default: ${DEFAULT-VALUE}")
    private String name;

    @Option(
            names = "--drain-timeout",
            paramLabel = "DURATION",
            defaultValue = "30s",
            description =
                    "How long answers may go on after Ctrl-C or SIGTERM. Default: ${DEFAULT-VALUE}")
    private Duration drainTimeout;

    @Parameters(paramLabel = "FLAG", hidden = true, arity = "0..*")
    private List<String> flags = List.of();

    private final List<SimulatorServer> servers = new ArrayList<>();

    /** Made by the command line parser, which fills the fields. */
    @SuppressWarnings("NullAway.Init")
    SimulateCommand() {}

    @Override
    public Integer call() throws CommandFailure, InterruptedException {
        Signals signals = Signals.caught();
        SimulatorArguments arguments = arguments();
        PrintWriter out = spec.commandLine().getOut();
        SimulatorHost host = new SimulatorHost();
        try {
            for (int replica = 0; replica < replicas; replica++) {
                start(host, arguments, replica);
            }
            for (SimulatorServer server : servers) {
                out.println(
                        server.config().podName()
                                + "  "
                                + url(server.port())
                                + "  "
                                + String.join(" ", server.config().models()));
            }
            out.println("ready " + Started.ago());
            out.flush();
            signals.await();
        } finally {
            drain();
            host.close();
        }
        return ExitCode.OK;
    }

    private String url(int port) {
        String host = address.contains(":") ? "[" + address + "]" : address;
        return "http://" + host + ":" + port;
    }

    private SimulatorArguments arguments() {
        if (replicas < 1) {
            throw new ParameterException(
                    spec.commandLine(), "--replicas: " + replicas + " (expected: at least 1)");
        }
        try {
            SimulatorArguments arguments = SimulatorArguments.parse(flags, EngineProfile.INSTANT);
            arguments.warnings().forEach(spec.commandLine().getErr()::println);
            return arguments;
        } catch (IllegalArgumentException e) {
            throw new ParameterException(
                    spec.commandLine(), String.valueOf(e.getMessage()), e, null, null);
        }
    }

    private void start(SimulatorHost host, SimulatorArguments arguments, int replica)
            throws CommandFailure {
        for (int rank = 0; rank < arguments.ranks(); rank++) {
            int offset = replica * arguments.ranks() + rank;
            int port = arguments.port() == 0 ? 0 : arguments.port() + offset;
            try {
                servers.add(
                        host.start(
                                arguments
                                        .config()
                                        .withPod(name + "-" + offset, "default", offset)
                                        .withRank(offset),
                                new InetSocketAddress(address, port)));
            } catch (IOException e) {
                throw new CommandFailure(
                        "can't listen on "
                                + address
                                + ":"
                                + port
                                + ": "
                                + e.getMessage()
                                + "; choose another port with --port");
            }
        }
    }

    private void drain() throws InterruptedException {
        List<Thread> ending =
                servers.stream()
                        .map(server -> Thread.startVirtualThread(() -> server.close(drainTimeout)))
                        .toList();
        for (Thread thread : ending) {
            thread.join();
        }
    }
}

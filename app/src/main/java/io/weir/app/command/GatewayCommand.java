package io.weir.app.command;

import io.weir.app.CommandFailure;
import io.weir.app.Signals;
import io.weir.app.gateway.GatewayOptions;
import io.weir.app.gateway.GatewayOptions.Election;
import io.weir.app.gateway.GatewayProgram;
import io.weir.config.PickerUse;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;

/** {@code weir gateway}. */
@Command(
        name = "gateway",
        description = {
            "Runs the gateway and the controller of a GatewayClass against a Kubernetes API.",
            "",
            "It is ready once every kind that is served has been listed. Kinds whose definitions"
                    + " are missing are picked up when they appear.",
            ""
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  weir gateway --gateway-service weir-system/weir --leader-election",
            "  weir gateway --kubeconfig ~/.kube/config --gateway-address-pool 10.0.8.0/24",
            "",
            "Exit codes: 0 stopped by a signal, 1 could not start, 64 wrong command line."
        })
final class GatewayCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Option(
            names = "--kubeconfig",
            paramLabel = "FILE",
            description =
                    "How to reach the API. Default: the Pod's service account, KUBECONFIG,"
                            + " ~/.kube/config.")
    private @Nullable Path kubeconfig;

    @Option(
            names = "--controller-name",
            paramLabel = "NAME",
            defaultValue = "weir.dev/gateway-controller",
            description =
                    "GatewayClasses with this controllerName are served."
                            + " Default: ${DEFAULT-VALUE}")
    private String controllerName;

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAMESPACE",
            description = "Namespace whose objects are read; repeatable. Default: all.")
    private Set<String> namespaces = Set.of();

    @Option(
            names = "--address",
            paramLabel = "ADDRESS",
            defaultValue = "0.0.0.0",
            description = "Address of the listeners. Default: ${DEFAULT-VALUE}")
    private String address;

    @Option(
            names = "--gateway-address-pool",
            paramLabel = "CIDR",
            description =
                    "Range of addresses of this machine; every Gateway gets one of its own,"
                            + " on which its listeners are bound.")
    private @Nullable String addressPool;

    @Option(
            names = "--port-offset",
            paramLabel = "N",
            defaultValue = "0",
            description = "Added to every listener port. Default: ${DEFAULT-VALUE}")
    private int portOffset;

    @Option(
            names = "--gateway-service",
            paramLabel = "NAMESPACE/NAME",
            description = "Service in front of this program; its addresses are the Gateways'.")
    private @Nullable String service;

    @Option(
            names = "--node-address",
            paramLabel = "ADDRESS",
            defaultValue = "",
            description = "Address of this node, for a Service of type NodePort.")
    private String nodeAddress;

    @Option(
            names = "--leader-election",
            description =
                    "Elect the replica that writes statuses; all replicas serve. Without it this"
                            + " one writes them.")
    private boolean leaderElection;

    @Option(
            names = "--lease",
            paramLabel = "NAMESPACE/NAME",
            defaultValue = "default/weir-gateway",
            description = "Lease of the election. Default: ${DEFAULT-VALUE}")
    private String lease;

    @Option(
            names = "--lease-duration",
            paramLabel = "DURATION",
            defaultValue = "15s",
            description =
                    "How long a leader that died keeps the others waiting."
                            + " Default: ${DEFAULT-VALUE}")
    private Duration leaseDuration;

    @Option(
            names = "--identity",
            paramLabel = "NAME",
            description = "Name of this replica in the election. Default: host and process.")
    private @Nullable String identity;

    @Option(
            names = "--admin-address",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description =
                    "Address of /readyz, /livez, /metrics and /config; 0.0.0.0 for the probes of a"
                            + " cluster. Default: ${DEFAULT-VALUE}")
    private InetAddress adminAddress;

    @Option(
            names = "--admin-port",
            paramLabel = "PORT",
            defaultValue = "9901",
            description = "Port of the admin endpoints. Default: ${DEFAULT-VALUE}")
    private int adminPort;

    @Option(
            names = "--drain-timeout",
            paramLabel = "DURATION",
            defaultValue = "30s",
            description =
                    "How long open requests may go on after SIGTERM. Default: ${DEFAULT-VALUE}")
    private Duration drainTimeout;

    @Option(
            names = "--body-limit",
            paramLabel = "SIZE",
            defaultValue = "10Mi",
            description =
                    "Most bytes of a request body held in memory where no policy says."
                            + " Default: ${DEFAULT-VALUE}")
    private ByteSize bodyLimit;

    @Option(
            names = "--request-timeout",
            paramLabel = "DURATION",
            defaultValue = "0",
            description =
                    "Time for a whole request where no route or policy says; 0 for no limit."
                            + " Default: ${DEFAULT-VALUE}")
    private Duration requestTimeout;

    @Option(
            names = "--pickers",
            paramLabel = "auto|builtin|external",
            defaultValue = "auto",
            description =
                    "Who picks endpoints for pools that name an endpoint picker: the picker's"
                            + " Service where Pods stand behind it, else the built-in picker (auto);"
                            + " always the built-in one; or always the Service. The annotation"
                            + " weir.dev/picker of a pool goes before. Default: ${DEFAULT-VALUE}")
    private PickerUse pickers;

    @Mixin private RequestReports reports;

    /** Made by the command line parser, which fills the fields. */
    @SuppressWarnings("NullAway.Init")
    GatewayCommand() {}

    @Override
    public Integer call() throws CommandFailure, InterruptedException {
        Signals signals = Signals.caught();
        PrintWriter out = spec.commandLine().getErr();
        try (GatewayProgram program = GatewayProgram.start(options())) {
            out.println("admin endpoints on port " + program.adminPort());
            signals.await();
            boolean finished = program.drain();
            out.println(finished ? "stopped" : "stopped, and cut requests that took too long");
        }
        return ExitCode.OK;
    }

    private GatewayOptions options() {
        expect(adminPort >= 0 && adminPort <= 65535, "--admin-port", adminPort, "0..65535");
        expect(isName(lease), "--lease", lease, "NAMESPACE/NAME");
        String named = service;
        if (named != null) {
            expect(isName(named), "--gateway-service", named, "NAMESPACE/NAME");
        }
        boolean longEnough = leaseDuration.compareTo(Duration.ofSeconds(1)) >= 0;
        expect(longEnough, "--lease-duration", leaseDuration, "1s or more");
        return new GatewayOptions(
                kubeconfig,
                controllerName,
                namespaces,
                address,
                addressPool,
                portOffset,
                service,
                nodeAddress,
                leaderElection ? new Election(lease, identity(), leaseDuration) : null,
                new InetSocketAddress(adminAddress, adminPort),
                drainTimeout,
                bodyLimit.bytes(),
                requestTimeout,
                pickers,
                reports.accessLog(),
                reports.traces());
    }

    private String identity() {
        String given = identity;
        if (given != null) {
            return given;
        }
        String host = System.getenv().getOrDefault("HOSTNAME", "weir");
        return host + "-" + ProcessHandle.current().pid();
    }

    private static boolean isName(String text) {
        return List.of(text.split("/", -1)).stream().noneMatch(String::isEmpty)
                && text.chars().filter(c -> c == '/').count() == 1;
    }

    private void expect(boolean condition, String option, Object value, String rule) {
        if (!condition) {
            throw new ParameterException(
                    spec.commandLine(), option + ": " + value + " (expected: " + rule + ")");
        }
    }
}

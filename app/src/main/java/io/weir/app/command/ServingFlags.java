package io.weir.app.command;

import io.weir.app.CommandFailure;
import io.weir.app.Signals;
import io.weir.app.extproc.ExtProcProgram;
import io.weir.app.extproc.Serving;
import io.weir.app.extproc.ServingOptions;
import io.weir.app.extproc.ServingOptions.Tls;
import io.weir.extproc.server.ServerSettings;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** What the ext_proc roles share: flags, and how they run. */
final class ServingFlags {

    private static final List<String> TLS_VERSIONS = List.of("TLSv1.2", "TLSv1.3");

    @Option(
            names = "--address",
            paramLabel = "ADDRESS",
            defaultValue = "0.0.0.0",
            description = "Address of all ports. Default: ${DEFAULT-VALUE}")
    private String address;

    @Option(
            names = "--grpc-port",
            paramLabel = "PORT",
            description = "Port of the service. Default: 9002 of the picker, 9004 of the router")
    private @Nullable Integer grpcPort;

    @Option(
            names = "--grpc-health-port",
            paramLabel = "PORT",
            description = "Port of health checks. Default: the service's and one")
    private @Nullable Integer healthPort;

    @Option(
            names = "--metrics-port",
            paramLabel = "PORT",
            defaultValue = "9090",
            description = "Port of /metrics, /livez and /readyz. Default: ${DEFAULT-VALUE}")
    private int metricsPort;

    @Option(
            names = "--health-checking",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "Answer health checks on the service's port, too.")
    private boolean healthChecking;

    @Option(
            names = "--secure-serving",
            arity = "0..1",
            fallbackValue = "true",
            defaultValue = "true",
            paramLabel = "true|false",
            description =
                    "Serve TLS, with a certificate made at the start unless --cert-path names one."
                            + " Default: ${DEFAULT-VALUE}")
    private boolean secureServing;

    @Option(
            names = "--cert-path",
            paramLabel = "DIR",
            description = "Folder with tls.crt and tls.key.")
    private @Nullable Path certPath;

    @Option(
            names = "--enable-cert-reload",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "Read the certificate again when its files change.")
    private boolean certReload;

    @Option(
            names = "--tls-min-version",
            paramLabel = "VERSION",
            defaultValue = "",
            description = "Oldest TLS version: 1.2 or 1.3.")
    private String tlsMinVersion;

    @Option(
            names = "--tls-cipher-suites",
            paramLabel = "NAME",
            split = ",",
            description = "Cipher suites by their IANA names, comma-separated.")
    private List<String> ciphers = List.of();

    @Option(
            names = "--drain-timeout",
            paramLabel = "DURATION",
            defaultValue = "30s",
            description =
                    "How long to go on serving after SIGTERM while requests come or are open."
                            + " Default: ${DEFAULT-VALUE}")
    private Duration drainTimeout;

    @Option(
            names = "--grpc-max-recv-msg-size",
            paramLabel = "BYTES",
            description =
                    "Largest message that is taken. Default: the body limit and a little,"
                            + " for proxies that buffer bodies.")
    private @Nullable Integer maxMessage;

    @Option(
            names = "--kubeconfig",
            paramLabel = "FILE",
            description =
                    "How to reach the cluster. Default: the Pod's service account, KUBECONFIG,"
                            + " ~/.kube/config.")
    private @Nullable Path kubeconfig;

    @Option(
            names = "--body-limit",
            paramLabel = "SIZE",
            defaultValue = "64Mi",
            description =
                    "Largest request body; more is answered with 413. Default: ${DEFAULT-VALUE}")
    private ByteSize bodyLimit;

    @Option(
            names = "--idle-timeout",
            paramLabel = "DURATION",
            defaultValue = "5m",
            description =
                    "How long nothing may come of a request body that is not complete; then 408."
                            + " Default: ${DEFAULT-VALUE}")
    private Duration idleTimeout;

    /** Made by the command line parser, which fills the fields. */
    @SuppressWarnings("NullAway.Init")
    ServingFlags() {}

    /** Starts a role. */
    @FunctionalInterface
    interface Starter {

        ExtProcProgram start() throws CommandFailure;
    }

    /** Runs a role until a signal comes, and lets open requests end; returns the exit code. */
    int serve(CommandLine command, Starter role) throws CommandFailure, InterruptedException {
        Signals signals = Signals.caught();
        PrintWriter out = command.getErr();
        ReferenceFlags.judge(command);
        try (ExtProcProgram program = role.start()) {
            Serving ports = program.serving();
            out.println(
                    "ports: service %d, health %d, metrics %d"
                            .formatted(ports.grpcPort(), ports.healthPort(), ports.metricsPort()));
            signals.await();
            boolean finished = program.drain();
            out.println(finished ? "stopped" : "stopped, and cut requests that took too long");
        }
        return ExitCode.OK;
    }

    /** Returns the file that says how to reach the cluster; null for the usual ones. */
    @Nullable Path kubeconfig() {
        return kubeconfig;
    }

    /** Returns the largest request body. */
    long bodyLimitBytes() {
        return bodyLimit.bytes();
    }

    /** Returns how long nothing may come of a request body. */
    Duration idleTimeout() {
        return idleTimeout;
    }

    /**
     * Returns the options of the ports.
     *
     * @param defaultPort port of the service where none was given
     */
    ServingOptions options(CommandLine command, int defaultPort) {
        int port = grpcPort == null ? defaultPort : grpcPort;
        int health = healthPort == null ? nextTo(port) : healthPort;
        check(command, "--grpc-port", port);
        check(command, "--grpc-health-port", health);
        check(command, "--metrics-port", metricsPort);
        if (same(port, health) || same(port, metricsPort) || same(health, metricsPort)) {
            throw new ParameterException(
                    command,
                    "--grpc-port, --grpc-health-port, --metrics-port: %d, %d, %d (expected: three different ports)"
                            .formatted(port, health, metricsPort));
        }
        return new ServingOptions(
                address,
                port,
                health,
                metricsPort,
                healthChecking,
                secureServing ? new Tls(certPath, certReload, protocols(command), ciphers) : null,
                maxMessage == null ? messageLimit(bodyLimit.bytes()) : maxMessage,
                drainTimeout);
    }

    /** Zero is any free port. */
    private static boolean same(int port, int other) {
        return port == other && port != 0;
    }

    private static int nextTo(int port) {
        return port == 0 ? 0 : port + 1;
    }

    private static int messageLimit(long bodyLimit) {
        long room = bodyLimit + ServerSettings.DEFAULT_MESSAGE_LIMIT;
        return (int) Math.min(Integer.MAX_VALUE, room);
    }

    private static void check(CommandLine command, String name, int port) {
        if (port < 0 || port > 65535) {
            throw new ParameterException(command, name + ": " + port + " (expected: 0..65535)");
        }
    }

    /** Takes 1.3, TLS1.3, VersionTLS13 and TLSv1.3 for the same. */
    private List<String> protocols(CommandLine command) {
        String digits = tlsMinVersion.replaceAll("[^0-9]", "");
        return switch (digits) {
            case "" -> List.of();
            case "12" -> TLS_VERSIONS;
            case "13" -> TLS_VERSIONS.subList(1, 2);
            default ->
                    throw new ParameterException(
                            command,
                            "--tls-min-version: " + tlsMinVersion + " (expected: 1.2 or 1.3)");
        };
    }
}

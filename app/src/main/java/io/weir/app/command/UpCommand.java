package io.weir.app.command;

import io.weir.app.CommandFailure;
import io.weir.app.Signals;
import io.weir.app.api.ApiOptions;
import io.weir.app.simulated.Simulate;
import io.weir.app.up.Summary;
import io.weir.app.up.Terminal;
import io.weir.app.up.UpOptions;
import io.weir.app.up.UpProgram;
import io.weir.config.PickerUse;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code weir up}. */
@Command(
        name = "up",
        description = {
            "Runs a gateway on this machine from manifest files, with simulated model servers"
                    + " where there are no real ones.",
            "",
            "Without -f it runs the tour in examples/tour: one Gateway on port 8080 and two pools."
                    + " Files are watched: what you save is in force at once, and a file that"
                    + " becomes invalid keeps what it said before.",
            ""
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  weir up",
            "  weir up -f gateway.yaml -f pools/ --port-offset 8000",
            "  weir up -f route.yaml --endpoints-file gpus.yaml --simulate none",
            "  weir up -f production.yaml --simulate all --time-scale 0.1",
            "  weir up --empty --port-offset 8000   (then kubectl, with its kubeconfig)",
            "",
            "Exit codes: 0 stopped by a signal, 1 could not start, 2 refused by --strict,"
                    + " 64 wrong command line."
        })
final class UpCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Option(
            names = {"-f", "--filename"},
            paramLabel = "FILE|DIR",
            description = "Manifest file or folder of them; repeatable. Default: the tour.")
    private List<Path> manifests = List.of();

    @Option(
            names = "--empty",
            description = "Start without manifests: everything comes by kubectl.")
    private boolean empty;

    @Option(
            names = "--endpoints-file",
            paramLabel = "FILE",
            description =
                    "Endpoints file that names real model servers by label, address and port;"
                            + " repeatable.")
    private List<Path> endpointsFiles = List.of();

    @Option(
            names = "--address",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "Address of the listeners; 0.0.0.0 for all. Default: ${DEFAULT-VALUE}")
    private String address;

    @Option(
            names = "--port-offset",
            paramLabel = "N",
            defaultValue = "0",
            description =
                    "Added to every listener port, for instance 8000 to serve port 80 on 8080."
                            + " Default: ${DEFAULT-VALUE}")
    private int portOffset;

    @Option(
            names = "--admin-port",
            paramLabel = "PORT",
            defaultValue = "9901",
            description =
                    "Port of /readyz, /livez, /metrics, /config and /explain on 127.0.0.1."
                            + " Default: ${DEFAULT-VALUE}")
    private int adminPort;

    @Option(
            names = "--api-port",
            paramLabel = "PORT",
            defaultValue = "9902",
            description = "Port of the Kubernetes API for kubectl. Default: ${DEFAULT-VALUE}")
    private int apiPort;

    @Option(
            names = "--api-address",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "Address of the Kubernetes API. Default: ${DEFAULT-VALUE}")
    private String apiAddress;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description =
                    "Where objects that kubectl brought are kept, and the kubeconfig."
                            + " Default: weir/up below $XDG_STATE_HOME or ~/.local/state")
    private @Nullable Path dataDirectory;

    @Option(
            names = "--ephemeral",
            description =
                    "Forget at the end what kubectl brought; the kubeconfig is new each time.")
    private boolean ephemeral;

    @Option(names = "--strict", description = "Exit with code 2 when any object is refused.")
    private boolean strict;

    @Option(
            names = "--drain-timeout",
            paramLabel = "DURATION",
            defaultValue = "30s",
            description =
                    "How long open requests may go on after Ctrl-C or SIGTERM."
                            + " Default: ${DEFAULT-VALUE}")
    private Duration drainTimeout;

    @Option(
            names = "--simulate",
            paramLabel = "none|images|all",
            defaultValue = "images",
            description =
                    "Which Deployments run as simulated servers: none, those of simulator images,"
                            + " or those of real model servers too. Default: ${DEFAULT-VALUE}")
    private Simulate simulate;

    @Option(
            names = "--time-scale",
            paramLabel = "FACTOR",
            defaultValue = "1",
            description =
                    "Factor on the simulated servers' time; 0.1 is ten times as fast."
                            + " Default: ${DEFAULT-VALUE}")
    private double timeScale;

    @Option(
            names = "--latency-profile",
            paramLabel = "NAME",
            description = "Latency profile of the simulated servers.")
    private @Nullable String latencyProfile;

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
                            + " Service where a real picker answers, else the built-in picker (auto);"
                            + " always the built-in one; or always the Service. The annotation"
                            + " weir.dev/picker of a pool goes before. Default: ${DEFAULT-VALUE}")
    private PickerUse pickers;

    @Mixin private RequestReports reports;

    /** Made by the command line parser, which fills the fields. */
    @SuppressWarnings("NullAway.Init")
    UpCommand() {}

    @Override
    public Integer call() throws CommandFailure, InterruptedException {
        Signals signals = Signals.caught();
        CommandLine command = spec.commandLine();
        Terminal terminal = new Terminal(command.getOut(), command.getErr());
        try (UpProgram program = UpProgram.start(options(), terminal)) {
            Summary summary = program.summary();
            summary.lines().forEach(terminal::say);
            if (!summary.requests().isEmpty()) {
                terminal.say("");
                terminal.say("Try:");
                summary.requests().forEach(terminal::say);
                terminal.say("");
            }
            terminal.say(summary.ready() + " " + Started.ago());
            signals.await();
            program.drain();
        }
        return ExitCode.OK;
    }

    UpOptions options() throws CommandFailure {
        expect(portOffset > -65535 && portOffset < 65535, "--port-offset: " + portOffset);
        expect(adminPort >= 0 && adminPort <= 65535, "--admin-port: " + adminPort);
        expect(apiPort >= 0 && apiPort <= 65535, "--api-port: " + apiPort);
        expect(timeScale > 0 && timeScale <= 1000, "--time-scale: " + timeScale);
        return new UpOptions(
                manifests.isEmpty() && !empty ? List.of(Tour.folder()) : manifests,
                endpointsFiles,
                address,
                portOffset,
                adminPort,
                new ApiOptions(apiAddress, apiPort, dataDirectory()),
                strict,
                drainTimeout,
                simulate,
                timeScale,
                latencyProfile,
                bodyLimit.bytes(),
                requestTimeout,
                pickers,
                reports.accessLog(),
                reports.traces());
    }

    private Optional<Path> dataDirectory() {
        if (ephemeral) {
            return Optional.empty();
        }
        return Optional.of(
                dataDirectory == null
                        ? ApiOptions.defaultDirectory(
                                System.getenv(), System.getProperty("user.home", "."))
                        : dataDirectory);
    }

    private void expect(boolean condition, String what) {
        if (!condition) {
            throw new ParameterException(spec.commandLine(), what + " is out of range");
        }
    }
}

package io.weir.app.command;

import io.weir.app.CommandFailure;
import io.weir.app.picker.PickerProgram;
import io.weir.app.picker.PickerRun;
import io.weir.app.picker.PoolChoice;
import io.weir.extproc.picker.PickerOptions;
import io.weir.extproc.picker.ResponseBodies;
import io.weir.extproc.picker.ServedVerifier;
import io.weir.extproc.picker.UsageAttributes;
import io.weir.picker.PickerSettings;
import io.weir.picker.setup.PickerConfig;
import io.weir.picker.setup.PickerConfigReader;
import io.weir.resource.InferencePool;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code weir picker}. */
@Command(
        name = "picker",
        description = {
            "Runs an endpoint picker: proxies ask over ext_proc which model server takes a"
                    + " request.",
            "",
            "Takes the place of the reference's endpoint picker (EPP) with the same flags and the"
                    + " same configuration. The pool comes from a Kubernetes API, or from files"
                    + " with -f and --endpoints-file, which are watched.",
            ""
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  weir picker --pool-name vllm-llama3-8b-instruct --pool-namespace default",
            "  weir picker --pool-name llm --endpoints-file servers.yaml --grpc-port 9010",
            "  weir picker --pool-name llm -f pool.yaml --config-file picker.yaml",
            "",
            "Exit codes: 0 stopped by a signal, 1 could not start, 64 wrong command line."
        })
final class PickerCommand implements Callable<Integer> {

    private static final int DEFAULT_PORT = 9002;
    private static final int MOST_FALLBACKS = 8;

    @Spec private CommandSpec spec;

    @Option(names = "--pool-name", paramLabel = "NAME", description = "The InferencePool.")
    private @Nullable String poolName;

    @Option(
            names = "--pool-namespace",
            paramLabel = "NAMESPACE",
            description = "Its namespace. Default: the environment's NAMESPACE, else default")
    private @Nullable String poolNamespace;

    @Option(
            names = "--pool-group",
            paramLabel = "GROUP",
            defaultValue = InferencePool.GROUP,
            description = "Its API group. Default: ${DEFAULT-VALUE}")
    private String poolGroup;

    @Option(
            names = "--endpoint-selector",
            paramLabel = "LABEL=VALUE",
            split = ",",
            description = "Labels of the model servers, in place of an InferencePool.")
    private Map<String, String> selector = new LinkedHashMap<>();

    @Option(
            names = "--endpoint-target-ports",
            paramLabel = "PORT",
            split = ",",
            description = "Ports of each model server, with --endpoint-selector; 1 to 8.")
    private List<Integer> targetPorts = List.of();

    @Option(
            names = "--endpoints-file",
            paramLabel = "FILE",
            description =
                    "File that names model servers by address, port and labels; watched,"
                            + " repeatable. No cluster is asked.")
    private List<Path> endpointsFiles = List.of();

    @Option(
            names = {"-f", "--filename"},
            paramLabel = "FILE|DIR",
            description =
                    "Manifests of the pool, its rewrites and objectives; watched, repeatable. No"
                            + " cluster is asked.")
    private List<Path> manifests = List.of();

    @Option(
            names = "--config-file",
            paramLabel = "FILE",
            description = "EndpointPickerConfig. Default: Weir's own profile.")
    private @Nullable Path configFile;

    @Option(
            names = "--config-text",
            paramLabel = "YAML",
            description = "EndpointPickerConfig, as a text.")
    private @Nullable String configText;

    @Option(
            names = "--fallbacks",
            paramLabel = "N",
            description =
                    "Most endpoints in the ordered list that the proxy is given; more than 1 needs"
                            + " a proxy that reads lists. Default: what the configuration's picker"
                            + " says in maxNumOfEndpoints, else 1")
    private @Nullable Integer fallbacks;

    @Option(
            names = "--disable-endpoint-subset-filter",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "Ignore the endpoints that the proxy offers.")
    private boolean ignoreSubset;

    @Option(
            names = "--emit-endpoint-scores",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "Tell the proxy the score of every candidate, in metadata.")
    private boolean emitScores;

    @Option(
            names = "--openai-errors",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "Refuse requests with OpenAI-style JSON rather than with a line of text.")
    private boolean openAiErrors;

    @Option(
            names = "--response-bodies",
            paramLabel = "needed|all|replaced",
            defaultValue = "needed",
            description = {
                "Which response bodies the proxy has to send, where it allows mode overrides:"
                        + " needed, those that hold usage or a model's name to put back; all;"
                        + " replaced, only the latter. Default: ${DEFAULT-VALUE}"
            })
    private ResponseBodies responseBodies;

    @Mixin private RequestReports reports;

    @Mixin private ServingFlags serving;

    /** Made by the command line parser, which fills the fields. */
    @SuppressWarnings("NullAway.Init")
    PickerCommand() {}

    @Override
    public Integer call() throws CommandFailure, InterruptedException {
        return serving.serve(spec.commandLine(), () -> PickerProgram.start(options()));
    }

    /** Returns what the command line says. */
    PickerRun options() throws CommandFailure {
        expect(targetPorts.size() <= 8, "--endpoint-target-ports", targetPorts, "1 to 8 ports");
        PickerSettings settings = settings();
        PickerConfig config = read(settings);
        List<Path> servers = endpointsFiles(config);
        return new PickerRun(
                pool(servers),
                settings,
                servers,
                manifests,
                serving.kubeconfig(),
                new PickerOptions(
                        serving.bodyLimitBytes(),
                        fallbacks(config),
                        ignoreSubset,
                        openAiErrors,
                        responseBodies,
                        serving.idleTimeout(),
                        attributes(settings),
                        emitScores,
                        ServedVerifier.isAskedFor(settings)),
                serving.options(spec.commandLine(), DEFAULT_PORT),
                reports.accessLog(),
                reports.traces());
    }

    private static UsageAttributes attributes(PickerSettings settings) throws CommandFailure {
        try {
            return UsageAttributes.of(settings);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(settings.configOrigin() + ": " + e.getMessage());
        }
    }

    private static PickerConfig read(PickerSettings settings) throws CommandFailure {
        try {
            return PickerConfigReader.installed().read(settings);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()));
        }
    }

    /** The configuration may name a file, too. */
    private List<Path> endpointsFiles(PickerConfig config) {
        List<Path> files = new ArrayList<>(endpointsFiles);
        String discovered = config.dataLayer().endpointsFile();
        if (discovered != null) {
            files.add(Path.of(discovered));
        }
        return files;
    }

    private int fallbacks(PickerConfig config) {
        Integer given = fallbacks;
        if (given == null) {
            return Math.min(config.mostEndpoints(), MOST_FALLBACKS);
        }
        expect(given >= 1 && given <= MOST_FALLBACKS, "--fallbacks", given, "1..8");
        return given;
    }

    private PoolChoice pool(List<Path> servers) {
        String name = poolName;
        boolean selects = !selector.isEmpty();
        if (name != null && selects) {
            throw wrong("--pool-name, --endpoint-selector: both given (expected: one of them)");
        }
        if (name == null && !selects) {
            throw wrong("--pool-name: absent (expected: it, or --endpoint-selector)");
        }
        boolean described = selects || (manifests.isEmpty() && !servers.isEmpty());
        return new PoolChoice(
                poolGroup,
                namespace(),
                name == null ? nameOfPod() : name,
                described ? new PoolChoice.Described(selector, targetPorts) : null);
    }

    private String namespace() {
        String given = poolNamespace;
        return given != null ? given : System.getenv().getOrDefault("NAMESPACE", "default");
    }

    /** The name of a Deployment's Pod without its two random parts. */
    private static String nameOfPod() {
        String pod = System.getenv().getOrDefault("POD_NAME", "pool");
        return pod.replaceFirst("(-[a-z0-9]{6,10})?-[a-z0-9]{5}$", "");
    }

    private PickerSettings settings() throws CommandFailure {
        Path file = configFile;
        String text = configText;
        if (file != null && text != null) {
            throw wrong("--config-file, --config-text: both given (expected: one of them)");
        }
        if (file == null) {
            return text == null
                    ? PickerSettings.DEFAULT
                    : new PickerSettings(text, "--config-text");
        }
        try {
            return new PickerSettings(Files.readString(file), file.toString());
        } catch (CharacterCodingException e) {
            throw new CommandFailure(file + ":1: not UTF-8 (expected: an EndpointPickerConfig)");
        } catch (IOException e) {
            throw new CommandFailure("--config-file: " + file + ": can't be read");
        }
    }

    private void expect(boolean condition, String option, Object value, String rule) {
        if (!condition) {
            throw wrong(option + ": " + value + " (expected: " + rule + ")");
        }
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}

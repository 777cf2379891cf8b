package io.weir.app.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.weir.app.CommandFailure;
import io.weir.app.bodyrouter.BodyRouterProgram;
import io.weir.app.bodyrouter.BodyRouterRun;
import io.weir.app.bodyrouter.FieldToHeader;
import io.weir.app.bodyrouter.OwnPlugins;
import io.weir.extproc.router.PluginChain;
import io.weir.extproc.router.RouterOptions;
import io.weir.extproc.wire.HeaderNames;
import io.weir.picker.setup.InstalledPlugins;
import io.weir.routing.HeaderRule;
import io.weir.routing.cel.ExpressionException;
import io.weir.routing.cel.HeaderExpressions;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;

/** {@code weir body-router}. */
@Command(
        name = "body-router",
        description = {
            "Runs a body-based router: proxies ask over ext_proc, and route by the headers that it"
                    + " sets from the model in the body.",
            "",
            "Takes the place of the reference's body-based router (BBR) with the same flags."
                    + " ConfigMaps with the label inference.networking.k8s.io/bbr-managed, or with"
                    + " inference.llm-d.ai/ipp-managed, map adapters to base models; they come from"
                    + " a Kubernetes API, or from files with -f, which are watched.",
            ""
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  weir body-router",
            "  weir body-router -f models.yaml --secure-serving=false",
            "",
            "Exit codes: 0 stopped by a signal, 1 could not start, 64 wrong command line."
        })
final class BodyRouterCommand implements Callable<Integer> {

    private static final int DEFAULT_PORT = 9004;
    private static final String FIELD = "body-field-to-header";
    private static final String BASE_MODEL = "base-model-to-header";

    @Spec private CommandSpec spec;

    @Option(
            names = {"-f", "--filename"},
            paramLabel = "FILE|DIR",
            description = "ConfigMaps; watched, repeatable. No cluster is asked.")
    private List<Path> manifests = List.of();

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAMESPACE",
            description =
                    "Namespace whose ConfigMaps are read; repeatable. Default: the environment's"
                            + " NAMESPACE, else all.")
    private Set<String> namespaces = Set.of();

    @Option(
            names = "--plugin",
            paramLabel = "TYPE:NAME[:JSON]",
            description = {
                "What is done: body-field-to-header:NAME:{\"fieldName\":\"model\","
                        + "\"headerName\":\"...\"}, base-model-to-header:NAME, or a type of the"
                        + " jars in WEIR_PLUGINS; repeatable. Default: X-Gateway-Model-Name and"
                        + " X-Gateway-Base-Model-Name are set."
            })
    private List<String> plugins = List.of();

    @Option(
            names = "--set-header",
            paramLabel = "NAME=CEL",
            description = {
                "A header and the CEL expression that tells its value, over request.headers,"
                        + " request.method, request.path, request.host and what is in the body,"
                        + " json(request.body).model, for instance"
                        + " x-tier={'llama':'gold'}[json(request.body).model]; repeatable."
                        + " Without an expression the header is removed."
            })
    private List<String> setHeaders = List.of();

    @Mixin private TracingFlag tracing;
    @Mixin private ServingFlags serving;

    /** Made by the command line parser, which fills the fields. */
    @SuppressWarnings("NullAway.Init")
    BodyRouterCommand() {}

    @Override
    public Integer call() throws CommandFailure, InterruptedException {
        return serving.serve(spec.commandLine(), () -> BodyRouterProgram.start(options()));
    }

    /** Returns what the command line says. */
    BodyRouterRun options() {
        return new BodyRouterRun(
                manifests,
                serving.kubeconfig(),
                namespaces(),
                requests(),
                serving.options(spec.commandLine(), DEFAULT_PORT),
                tracing.traces());
    }

    private Set<String> namespaces() {
        String own = System.getenv().getOrDefault("NAMESPACE", "");
        return namespaces.isEmpty() && !own.isEmpty() ? Set.of(own) : namespaces;
    }

    private RouterOptions requests() {
        if (plugins.isEmpty()) {
            return requests(
                    RouterOptions.DEFAULTS.modelHeaders(),
                    RouterOptions.DEFAULTS.baseModelHeaders());
        }
        List<String> modelHeaders = new ArrayList<>();
        List<String> baseModelHeaders = new ArrayList<>();
        OwnPlugins own = new OwnPlugins(System.getProperty(InstalledPlugins.PROPERTY, ""));
        for (String plugin : plugins) {
            String[] parts = plugin.split(":", 3);
            switch (parts[0]) {
                case FIELD -> field(plugin, parts, modelHeaders, own);
                case BASE_MODEL -> baseModelHeaders.add(HeaderNames.BASE_MODEL_NAME);
                default -> own(plugin, parts, own);
            }
        }
        return requests(modelHeaders, baseModelHeaders).withPlugins(own.chain());
    }

    private void own(String plugin, String[] parts, OwnPlugins own) {
        try {
            String name = parts.length < 2 ? parts[0] : parts[1];
            own.add(parts[0], name, parts.length < 3 ? "" : parts[2]);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(
                    spec.commandLine(), "--plugin: " + plugin + " (" + e.getMessage() + ")");
        }
    }

    private RouterOptions requests(List<String> modelHeaders, List<String> baseModelHeaders) {
        return new RouterOptions(
                serving.bodyLimitBytes(),
                serving.idleTimeout(),
                modelHeaders,
                baseModelHeaders,
                rules(),
                PluginChain.NONE);
    }

    private List<HeaderRule> rules() {
        if (setHeaders.isEmpty()) {
            return List.of();
        }
        HeaderExpressions expressions = new HeaderExpressions();
        return setHeaders.stream().map(written -> rule(expressions, written)).toList();
    }

    private HeaderRule rule(HeaderExpressions expressions, String written) {
        int equals = written.indexOf('=');
        if (equals < 1) {
            throw wrong("--set-header: " + written, "NAME=CEL");
        }
        try {
            return expressions.compile(written.substring(0, equals), written.substring(equals + 1));
        } catch (ExpressionException e) {
            throw new ParameterException(
                    spec.commandLine(), "--set-header: " + written + ": " + e.reason());
        }
    }

    /** The model is read anyway; any other field is for a plugin. */
    private void field(String plugin, String[] parts, List<String> modelHeaders, OwnPlugins own) {
        JsonNode parameters = parameters(plugin, parts.length < 3 ? "" : parts[2]);
        String field = parameters.path("fieldName").asText("");
        String header = parameters.path("headerName").asText("");
        if (field.isEmpty() || header.isEmpty()) {
            throw wrong("--plugin: " + plugin, "a fieldName and a headerName");
        }
        if (field.equals("model")) {
            modelHeaders.add(header);
        } else {
            var reader = new FieldToHeader(field, header.toLowerCase(Locale.ROOT));
            own.add(new PluginChain.Named(FIELD, parts[1], reader));
        }
    }

    private JsonNode parameters(String plugin, String json) {
        try {
            return new ObjectMapper().readTree(json);
        } catch (IOException e) {
            throw wrong("--plugin: " + plugin, "JSON parameters");
        }
    }

    private ParameterException wrong(String given, String rule) {
        return new ParameterException(spec.commandLine(), given + " (expected: " + rule + ")");
    }
}

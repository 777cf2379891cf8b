package io.weir.app.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.weir.app.CommandFailure;
import io.weir.app.bodyrouter.BodyRouterProgram;
import io.weir.app.bodyrouter.BodyRouterRun;
import io.weir.extproc.router.RouterOptions;
import io.weir.extproc.wire.HeaderNames;
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
                    + " ConfigMaps labelled inference.networking.k8s.io/bbr-managed or"
                    + " inference.llm-d.ai/ipp-managed map adapters to base models; they come from"
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
                "What is set: body-field-to-header:NAME:{\"fieldName\":\"model\","
                        + "\"headerName\":\"...\"} or base-model-to-header:NAME; repeatable."
                        + " Default: X-Gateway-Model-Name and X-Gateway-Base-Model-Name."
            })
    private List<String> plugins = List.of();

    @Option(
            names = "--set-header",
            paramLabel = "NAME=CEL",
            description = {
                "A header whose value a CEL expression over request.headers, request.method,"
                        + " request.path, request.host and json(request.body).model tells, for"
                        + " instance x-tier={'llama':'gold'}[json(request.body).model];"
                        + " repeatable. Without a value the header is removed."
            })
    private List<String> setHeaders = List.of();

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
                serving.options(spec.commandLine(), DEFAULT_PORT));
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
        for (String plugin : plugins) {
            String[] parts = plugin.split(":", 3);
            switch (parts[0]) {
                case FIELD -> modelHeaders.add(header(plugin, parts.length < 3 ? "" : parts[2]));
                case BASE_MODEL -> baseModelHeaders.add(HeaderNames.BASE_MODEL_NAME);
                default -> throw wrong("--plugin: " + plugin, FIELD + " or " + BASE_MODEL);
            }
        }
        return requests(modelHeaders, baseModelHeaders);
    }

    private RouterOptions requests(List<String> modelHeaders, List<String> baseModelHeaders) {
        return new RouterOptions(
                serving.bodyLimitBytes(),
                serving.idleTimeout(),
                modelHeaders,
                baseModelHeaders,
                rules());
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

    private String header(String plugin, String json) {
        try {
            JsonNode parameters = new ObjectMapper().readTree(json);
            String header = parameters.path("headerName").asText("");
            if (!parameters.path("fieldName").asText("").equals("model")) {
                throw wrong("--plugin: " + plugin, "fieldName model: no other field is read");
            }
            if (header.isEmpty()) {
                throw wrong("--plugin: " + plugin, "a headerName");
            }
            return header;
        } catch (IOException e) {
            throw wrong("--plugin: " + plugin, "JSON parameters");
        }
    }

    private ParameterException wrong(String given, String rule) {
        return new ParameterException(spec.commandLine(), given + " (expected: " + rule + ")");
    }
}

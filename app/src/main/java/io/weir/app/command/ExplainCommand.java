package io.weir.app.command;

import io.weir.app.CommandFailure;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** {@code weir explain}: asks a running gateway. */
@Command(
        name = "explain",
        description = {
            "Tells why a request went to its endpoint, or where one would go: the candidates, what"
                    + " each filter removed, each score and its weight, the pick and the runner-up.",
            ""
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  weir explain --model llama-3 --pool my-pool   a request without a prompt",
            "  weir explain --body chat.json                 a request as a client sends it",
            "  weir explain --record on                      keep the last 256 decisions",
            "  weir explain                                  list them",
            "  weir explain 5c1e...                          one of them, by its x-request-id",
            "",
            "Exit codes: 0 explained, 1 not known or not reached, 64 wrong command line."
        })
final class ExplainCommand implements Callable<Integer> {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    @Spec private CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "REQUEST-ID",
            description = "Id of a request that was picked for while decisions were kept.")
    private @Nullable String requestId;

    @Option(names = "--model", description = "Model that a server would be asked for.")
    private @Nullable String model;

    @Option(
            names = "--body",
            paramLabel = "FILE",
            description = "JSON body of the request; its model counts unless --model is given.")
    private @Nullable Path body;

    @Option(
            names = "--pool",
            paramLabel = "[NAMESPACE/]NAME",
            description = "Pool to pick from; may be left out where there is only one.")
    private @Nullable String pool;

    @Option(
            names = {"-H", "--header"},
            paramLabel = "NAME:VALUE",
            description = "Header of the request; repeatable.")
    private List<String> headers = new ArrayList<>();

    @Option(names = "--priority", paramLabel = "N", description = "Priority of the request.")
    private @Nullable Integer priority;

    @Option(
            names = "--record",
            paramLabel = "on|off",
            description = "Begin or end to keep the last decisions.")
    private @Nullable String record;

    @Option(
            names = "--admin",
            paramLabel = "URL",
            defaultValue = "http://127.0.0.1:9901",
            description = "Its admin address. Default: ${DEFAULT-VALUE}")
    private URI admin;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "text|json",
            defaultValue = "text",
            description = "Form of the answer. Default: ${DEFAULT-VALUE}")
    private String output;

    /** Made by the command line parser, which fills the fields. */
    @SuppressWarnings("NullAway.Init")
    ExplainCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException, CommandFailure {
        HttpResponse<String> answer = ask(request());
        boolean known = answer.statusCode() == 200;
        var to = known ? spec.commandLine().getOut() : spec.commandLine().getErr();
        to.print(answer.body());
        to.flush();
        return known ? ExitCode.OK : ExitCode.FAILED;
    }

    private HttpRequest request() throws IOException {
        if (!output.equals("text") && !output.equals("json")) {
            throw wrong("--output: " + output + " (expected: text or json)");
        }
        boolean isHypothetical = model != null || body != null || pool != null;
        int questions = (requestId != null ? 1 : 0) + (record != null ? 1 : 0);
        if (questions + (isHypothetical ? 1 : 0) > 1) {
            throw wrong("give a request id, or --record, or a request (--model, --body, --pool)");
        }
        if (record != null) {
            return post("record=" + encode(record)).build();
        }
        return isHypothetical ? hypothetical() : get(requestId);
    }

    private HttpRequest get(@Nullable String id) {
        String query = "format=" + output + (id == null ? "" : "&request=" + encode(id));
        return to(query).GET().build();
    }

    private HttpRequest hypothetical() throws IOException {
        StringBuilder query = new StringBuilder("format=" + output);
        append(query, "model", model);
        append(query, "pool", pool);
        append(query, "priority", priority == null ? null : priority.toString());
        headers.forEach(header -> append(query, "header", header));
        byte[] bytes = body == null ? new byte[0] : Files.readAllBytes(body);
        return to(query.toString()).POST(BodyPublishers.ofByteArray(bytes)).build();
    }

    private static void append(StringBuilder query, String name, @Nullable String value) {
        if (value != null) {
            query.append('&').append(name).append('=').append(encode(value));
        }
    }

    private HttpRequest.Builder post(String query) {
        return to(query).POST(BodyPublishers.noBody());
    }

    private HttpRequest.Builder to(String query) {
        return HttpRequest.newBuilder(admin.resolve("/explain?" + query)).timeout(TIMEOUT);
    }

    private HttpResponse<String> ask(HttpRequest request)
            throws IOException, InterruptedException, CommandFailure {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request, BodyHandlers.ofString());
        } catch (ConnectException e) {
            throw new CommandFailure("no gateway answers at " + admin + " (is weir up running?)");
        }
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}

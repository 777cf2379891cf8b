package io.weir.app.command;

import io.weir.app.CommandFailure;
import io.weir.app.api.ApiOptions;
import io.weir.app.simulated.Simulate;
import io.weir.app.tracing.TraceOptions;
import io.weir.app.up.Summary;
import io.weir.app.up.Terminal;
import io.weir.app.up.UpOptions;
import io.weir.app.up.UpProgram;
import io.weir.config.PickerUse;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.random.RandomGenerator;

/**
 * Runs the tour for a moment and sends it some requests, then a picker that is asked over ext_proc.
 * The launcher does this at the end of a build under a virtual machine that records which classes
 * and methods a start needs.
 */
@Command(
        name = "warm-up",
        hidden = true,
        description = "Runs the tour and a picker for a moment, to prepare faster starts.")
final class WarmUpCommand implements Callable<Integer> {

    private static final int ROUNDS = 40;

    @Spec private CommandSpec spec;

    /** Made by the command line parser, which fills the fields. */
    @SuppressWarnings("NullAway.Init")
    WarmUpCommand() {}

    @Override
    public Integer call() throws CommandFailure, IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        Terminal terminal = new Terminal(out, out);
        try (UpProgram program =
                UpProgram.startOnFreePorts(options(), terminal, RandomGenerator.getDefault())) {
            Summary summary = program.summary();
            summary.lines().forEach(terminal::say);
            summary.requests().forEach(terminal::say);
            terminal.say(summary.ready() + " " + Started.ago());
            for (InetSocketAddress address : program.addresses()) {
                use("http://127.0.0.1:" + address.getPort());
            }
            program.drain();
        }
        PickerRehearsal.run();
        return ExitCode.OK;
    }

    private static UpOptions options() throws CommandFailure {
        return new UpOptions(
                List.of(Tour.folder()),
                List.of(),
                "127.0.0.1",
                0,
                0,
                new ApiOptions("127.0.0.1", 0, Optional.empty()),
                false,
                Duration.ofSeconds(5),
                Simulate.IMAGES,
                0,
                null,
                10 << 20,
                Duration.ZERO,
                PickerUse.AUTO,
                null,
                TraceOptions.NONE);
    }

    private static void use(String url) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            for (int i = 0; i < ROUNDS; i++) {
                chat(client, url, i % 2 == 0);
            }
        }
    }

    private static void chat(HttpClient client, String url, boolean stream)
            throws IOException, InterruptedException {
        String body =
                "{\"model\": \"movie-guide\", \"stream\": "
                        + stream
                        + ", \"messages\": [{\"role\": \"user\", \"content\": \"Hello\"}]}";
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(url + "/v1/chat/completions"))
                        .version(HttpClient.Version.HTTP_1_1)
                        .timeout(Duration.ofSeconds(10))
                        .POST(BodyPublishers.ofString(body))
                        .build();
        client.send(request, BodyHandlers.ofString());
    }
}

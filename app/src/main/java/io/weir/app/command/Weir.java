package io.weir.app.command;

import static java.util.Objects.requireNonNull;

import io.weir.bench.BenchCommand;
import io.weir.config.PickerUse;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/** The command {@code weir} itself: it does nothing without a subcommand. */
@Command(
        name = "weir",
        description = "An inference gateway: OpenAI-style requests in, the best model server out.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            UpCommand.class,
            GatewayCommand.class,
            PickerCommand.class,
            BodyRouterCommand.class,
            CheckCommand.class,
            ExplainCommand.class,
            SimulateCommand.class,
            BenchCommand.class,
            WarmUpCommand.class,
            HelpCommand.class
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        footer = {
            "",
            "Examples:",
            "  weir up                          a tour with two simulated model pools",
            "  weir up -f gateway.yaml -f pools/   your own manifests, watched for changes",
            "  weir gateway                     gateway and controller in a cluster",
            "  weir picker --pool-name llm      endpoint picker for Envoy, over ext_proc",
            "  weir body-router                 body-based router for Envoy, over ext_proc",
            "  weir check -f httproute.yaml     what is wrong with a manifest",
            "  weir explain --body chat.json    where a request would go, and why",
            "  weir help up                     all about one command",
            "",
            "Exit codes: 0 fine, 1 failed, 2 refused by --strict, 64 wrong command line."
        })
public final class Weir implements Runnable {

    @Spec private CommandSpec spec;

    /** Made by the command line parser, which fills the fields. */
    @SuppressWarnings("NullAway.Init")
    Weir() {}

    /**
     * Runs a command.
     *
     * @param args the command line
     * @param out for results
     * @param err for progress and complaints
     * @return the exit code
     */
    public static int run(String[] args, PrintStream out, PrintStream err) {
        CommandLine weir = new CommandLine(new Weir());
        // The flags of simulated servers are read by the simulator.
        requireNonNull(weir.getSubcommands().get("simulate"))
                .setUnmatchedOptionsArePositionalParams(true);
        ReferenceFlags.accept(requireNonNull(weir.getSubcommands().get("picker")));
        ReferenceFlags.accept(requireNonNull(weir.getSubcommands().get("body-router")));
        return prepared(weir)
                .setOut(new PrintWriter(out, true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(err, true, StandardCharsets.UTF_8))
                .setParameterExceptionHandler(new UsageMessages())
                .setExecutionExceptionHandler(new FailureMessages())
                .execute(GoFlags.rewritten(args));
    }

    /** Returns the parser with everything that it needs to read our options. */
    static CommandLine prepared(CommandLine parser) {
        return parser.registerConverter(Duration.class, Quantities::duration)
                .registerConverter(ByteSize.class, Quantities::bytes)
                .registerConverter(PickerUse.class, Quantities::pickers)
                .registerConverter(Path.class, Path::of)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say what to do");
    }
}

package io.weir.app.command;

import io.weir.app.check.CheckReport;
import io.weir.app.check.Checker;
import io.weir.resource.Problem;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;

/** {@code weir check}. */
@Command(
        name = "check",
        description = {
            "Validates manifests and prints every problem with file, line, object, field, value"
                    + " and rule.",
            ""
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  weir check -f httproute.yaml",
            "  weir check -f gateway.yaml -f pools/",
            "  helm template ... | weir check -f -",
            "",
            "Exit codes: 0 no errors (warnings are allowed), 1 at least one error,"
                    + " 64 wrong command line."
        })
final class CheckCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Option(
            names = {"-f", "--filename"},
            paramLabel = "FILE|DIR|-",
            required = true,
            description = "Manifest file or folder of them, - for the standard input; repeatable.")
    private List<String> manifests;

    /** Made by the command line parser, which fills the fields. */
    @SuppressWarnings("NullAway.Init")
    CheckCommand() {}

    @Override
    public Integer call() throws IOException {
        CheckReport report = Checker.check(manifests, System.in);
        PrintWriter out = spec.commandLine().getOut();
        for (Problem problem : report.problems()) {
            out.println(problem);
        }
        out.println(report.summary());
        out.flush();
        return report.errors() == 0 ? ExitCode.OK : ExitCode.FAILED;
    }
}

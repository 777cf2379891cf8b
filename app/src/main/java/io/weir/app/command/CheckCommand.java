package io.weir.app.command;

import io.weir.app.CommandFailure;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

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
    public Integer call() throws CommandFailure {
        throw new CommandFailure("not built yet: " + manifests);
    }
}

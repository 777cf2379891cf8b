package io.weir.bench.compare;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.nio.file.Path;

/** How commands start Weir in processes of its own. */
public final class Launcher {

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec command;

    @Option(
            names = "--launcher",
            paramLabel = "FILE",
            defaultValue = "./weir",
            description = "The weir launcher. Default: ${DEFAULT-VALUE}")
    private Path file = Path.of("weir");

    /**
     * Returns the launcher, from the root.
     *
     * @throws ParameterException when it can't be started
     */
    public Path path() {
        return checked("--launcher", file);
    }

    /**
     * Returns the launcher of another build, from the root.
     *
     * @param option that names it
     * @throws ParameterException when it can't be started
     */
    public Path checked(String option, Path launcher) {
        return Programs.checked(command, option, launcher, "a weir launcher");
    }
}

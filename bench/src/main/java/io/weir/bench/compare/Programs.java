package io.weir.bench.compare;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** Programs that options name. */
final class Programs {

    private Programs() {}

    static boolean canStart(Path program) {
        return Files.isRegularFile(program) && Files.isExecutable(program);
    }

    /**
     * Returns a program's path from the root.
     *
     * @param expected what the option is to name
     * @throws ParameterException when it can't be started
     */
    static Path checked(
            @Nullable CommandSpec command, String option, Path program, String expected) {
        Path path = program.toAbsolutePath().normalize();
        if (!canStart(path)) {
            throw new ParameterException(
                    Objects.requireNonNull(command, "command").commandLine(),
                    option + ": " + path + " is no program (expected: " + expected + ")");
        }
        return path;
    }
}

package io.weir.bench.compare;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;

/** The Envoy that a command starts. */
public final class EnvoyProgram {

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec command;

    @Option(
            names = "--envoy",
            paramLabel = "FILE",
            defaultValue = "envoy",
            description = "The Envoy, a file or a name on the PATH. Default: ${DEFAULT-VALUE}")
    private Path file = Path.of("envoy");

    /**
     * Returns the Envoy, from the root.
     *
     * @throws ParameterException when it can't be started
     */
    public Path path() {
        return Programs.checked(command, "--envoy", onPath(), "an Envoy");
    }

    private Path onPath() {
        String path = System.getenv("PATH");
        if (file.getParent() != null || path == null) {
            return file;
        }
        return Arrays.stream(path.split(File.pathSeparator))
                .map(folder -> Path.of(folder).resolve(file))
                .filter(Programs::canStart)
                .findFirst()
                .orElse(file);
    }
}

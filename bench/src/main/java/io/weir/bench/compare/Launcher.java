package io.weir.bench.compare;

import picocli.CommandLine.Option;

import java.nio.file.Path;

/** How commands start Weir in processes of its own. */
public final class Launcher {

    @Option(
            names = "--launcher",
            paramLabel = "FILE",
            defaultValue = "./weir",
            description = "The weir launcher. Default: ${DEFAULT-VALUE}")
    private Path file = Path.of("weir");

    /** Returns the launcher, from the root. */
    public Path path() {
        return file.toAbsolutePath().normalize();
    }
}

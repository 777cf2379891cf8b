package io.weir.app.command;

import io.weir.app.CommandFailure;

import java.nio.file.Files;
import java.nio.file.Path;

/** The manifests that are used when nobody names any. */
final class Tour {

    private Tour() {}

    /** Returns their folder, below the one that the launcher names. */
    static Path folder() throws CommandFailure {
        Path home = Path.of(System.getProperty("weir.home", "."));
        Path folder = home.resolve("examples").resolve("tour");
        if (!Files.isDirectory(folder)) {
            throw new CommandFailure("the tour is not at " + folder + "; name manifests with -f");
        }
        Path here = Path.of("").toAbsolutePath();
        Path absolute = folder.toAbsolutePath().normalize();
        return absolute.startsWith(here) ? here.relativize(absolute) : absolute;
    }
}

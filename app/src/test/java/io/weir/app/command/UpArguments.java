package io.weir.app.command;

import io.weir.app.CommandFailure;
import io.weir.app.up.UpOptions;

import picocli.CommandLine;

/** The options of {@code weir up} from a command line, as the program itself reads them. */
public final class UpArguments {

    private UpArguments() {}

    /** Parses what stands behind {@code weir up}. */
    public static UpOptions parse(String... args) throws CommandFailure {
        UpCommand command = new UpCommand();
        Weir.prepared(new CommandLine(command)).parseArgs(args);
        return command.options();
    }
}

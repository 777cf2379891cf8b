package io.weir.app.command;

import io.weir.app.bodyrouter.BodyRouterRun;

import picocli.CommandLine;

import java.util.Arrays;
import java.util.stream.Stream;

/** The options of {@code weir body-router} from a command line, as the program reads them. */
public final class BodyRouterArguments {

    private BodyRouterArguments() {}

    /** Parses what stands behind {@code weir body-router}. */
    public static BodyRouterRun parse(String... args) {
        BodyRouterCommand command = new BodyRouterCommand();
        CommandLine parser = Weir.prepared(new CommandLine(command));
        ReferenceFlags.accept(parser);
        String[] whole =
                Stream.concat(Stream.of("body-router"), Arrays.stream(args)).toArray(String[]::new);
        parser.parseArgs(Arrays.copyOfRange(GoFlags.rewritten(whole), 1, whole.length));
        ReferenceFlags.judge(parser);
        return command.options();
    }
}

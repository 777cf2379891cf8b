package io.weir.app.command;

import io.weir.app.CommandFailure;
import io.weir.app.picker.PickerRun;

import picocli.CommandLine;

import java.util.Arrays;
import java.util.stream.Stream;

/** The options of {@code weir picker} from a command line, as the program itself reads them. */
public final class PickerArguments {

    private PickerArguments() {}

    /** Parses what stands behind {@code weir picker}. */
    public static PickerRun parse(String... args) throws CommandFailure {
        PickerCommand command = new PickerCommand();
        CommandLine parser = Weir.prepared(new CommandLine(command));
        ReferenceFlags.accept(parser);
        String[] whole =
                Stream.concat(Stream.of("picker"), Arrays.stream(args)).toArray(String[]::new);
        parser.parseArgs(Arrays.copyOfRange(GoFlags.rewritten(whole), 1, whole.length));
        ReferenceFlags.judge(parser);
        return command.options();
    }
}

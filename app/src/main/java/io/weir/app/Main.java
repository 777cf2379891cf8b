package io.weir.app;

import io.weir.app.command.Weir;

import java.util.Arrays;
import java.util.stream.Stream;

/** Starts the program. */
public final class Main {

    /** Images of one role are started with that role's flags alone. */
    private static final String ROLE = "weir.command";

    private Main() {}

    /** Runs the command that the arguments name and exits with its code. */
    public static void main(String[] args) {
        System.exit(Weir.run(withRole(System.getProperty(ROLE, ""), args), System.out, System.err));
    }

    private static String[] withRole(String role, String[] args) {
        boolean named = args.length > 0 && !args[0].startsWith("-");
        return role.isEmpty() || named
                ? args
                : Stream.concat(Stream.of(role), Arrays.stream(args)).toArray(String[]::new);
    }
}

package io.weir.app;

import io.weir.app.command.Weir;

/** Starts the program. */
public final class Main {

    private Main() {}

    /** Runs the command that the arguments name and exits with its code. */
    public static void main(String[] args) {
        System.exit(Weir.run(args, System.out, System.err));
    }
}

package io.weir.app.command;

/** Exit codes of the program, the same for all commands. */
final class ExitCode {

    /** It worked; for servers: stopped by a signal and drained. */
    static final int OK = 0;

    /** It did not work: a port is taken, a file can't be read, {@code check} found a problem. */
    static final int FAILED = 1;

    /** {@code up --strict} refused an object. */
    static final int REFUSED = 2;

    /** The command line is wrong. */
    static final int USAGE = 64;

    private ExitCode() {}
}

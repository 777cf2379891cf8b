package io.weir.app;

/** A command can't go on, for a reason that its user can mend; the message says how. */
public final class CommandFailure extends Exception {

    private static final long serialVersionUID = 1;

    private final boolean refused;

    private CommandFailure(String message, boolean refused) {
        super(message);
        this.refused = refused;
    }

    /**
     * Creates a failure.
     *
     * @param message what is wrong and what to do, for the terminal
     */
    public CommandFailure(String message) {
        this(message, false);
    }

    /** Returns a failure because an object was refused and the user asked to be strict. */
    public static CommandFailure refused(String message) {
        return new CommandFailure(message, true);
    }

    /** Returns whether an object was refused. */
    public boolean isRefused() {
        return refused;
    }
}

package io.weir.app;

/** A command can't go on, for a reason that its user can mend; the message says how. */
public final class CommandFailure extends Exception {

    private static final long serialVersionUID = 1;

    /**
     * Creates a failure.
     *
     * @param message what is wrong and what to do, for the terminal
     */
    public CommandFailure(String message) {
        super(message);
    }
}

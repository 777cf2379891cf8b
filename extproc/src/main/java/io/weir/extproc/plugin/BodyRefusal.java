package io.weir.extproc.plugin;

/** A plugin wants a message to go no further; the client is told why. */
public final class BodyRefusal extends Exception {

    private static final long serialVersionUID = 1L;

    private final int status;

    /**
     * @param status HTTP status of the answer, 400 to 599
     * @param message for the client
     */
    public BodyRefusal(int status, String message) {
        // Clients cause these in any number: no stack trace.
        super(message, null, false, false);
        if (status < 400 || status > 599) {
            throw new IllegalArgumentException("status: " + status + " (expected: 400..599)");
        }
        this.status = status;
    }

    /** Returns the HTTP status. */
    public int status() {
        return status;
    }
}

package io.weir.proxy.exchange;

/** A request that is refused for its form; the message is meant for the client. */
final class BadRequest extends Exception {

    private static final long serialVersionUID = 1L;

    private final int status;

    BadRequest(int status, String message) {
        // Bad requests come from clients in any number: no stack trace.
        super(message, null, false, false);
        this.status = status;
    }

    int status() {
        return status;
    }
}

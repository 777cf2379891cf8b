package io.weir.body;

import org.jspecify.annotations.Nullable;

/** A request body that is refused; the message is meant for the client. */
public final class BodyException extends Exception {

    private static final long serialVersionUID = 1L;

    private final @Nullable String param;

    BodyException(String message, @Nullable String param) {
        // Bad bodies come from clients in any number: no stack trace.
        super(message, null, false, false);
        this.param = param;
    }

    /** Returns the HTTP status of the answer. */
    public int status() {
        return 400;
    }

    /** Returns the top-level key that is to blame; null when the JSON itself is. */
    public @Nullable String param() {
        return param;
    }
}

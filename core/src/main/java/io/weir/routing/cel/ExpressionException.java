package io.weir.routing.cel;

/** An expression that can't be used, with the reason for the one who wrote it. */
public final class ExpressionException extends Exception {

    private static final long serialVersionUID = 1L;

    private final String reason;

    ExpressionException(String reason) {
        super(reason);
        this.reason = reason;
    }

    /** Returns what is wrong, with what was expected. */
    public String reason() {
        return reason;
    }
}

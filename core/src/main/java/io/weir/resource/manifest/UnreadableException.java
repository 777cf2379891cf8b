package io.weir.resource.manifest;

/** Text that can't be read; never leaves this package. */
final class UnreadableException extends Exception {

    private final int line;

    UnreadableException(int line, String message) {
        super(message, null, false, false);
        this.line = line;
    }

    /** Returns the line, from 1; 0 when unknown. */
    int line() {
        return line;
    }

    String explanation() {
        return String.valueOf(getMessage());
    }
}

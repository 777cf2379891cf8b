package io.weir.picker.external;

/**
 * A picker that could not be asked, or said nothing that could be used.
 *
 * @param cause what went wrong
 * @param effect what became of the request
 * @param reason details, for the log
 */
public record PickerFailure(Cause cause, Effect effect, String reason) {

    /** What went wrong. */
    public enum Cause {
        /** No connection came about. */
        UNREACHABLE,
        /** A reply that was due did not come. */
        TIMEOUT,
        /** The stream ended too early. */
        BROKEN,
        /** A reply made no sense, or named no endpoint of the pool. */
        INVALID
    }

    /** What became of the request. */
    public enum Effect {
        /** Any endpoint of the pool got it: FailOpen. */
        OPENED,
        /** It was refused: FailClose. */
        REFUSED,
        /** The answer went on as the server gave it. */
        UNREVIEWED,
        /** The client was cut off, for the picker had begun to change the answer. */
        CUT
    }
}

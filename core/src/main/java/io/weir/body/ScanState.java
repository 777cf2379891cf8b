package io.weir.body;

/** How far a {@link BodyScanner} has come. */
public enum ScanState {
    /** The object isn't complete. */
    MORE,
    /** The object is complete; only whitespace may follow. */
    DONE,
    /** The body is refused whatever follows; {@link BodyScanner#finish()} says why. */
    REJECTED
}

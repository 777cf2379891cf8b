package io.weir.body;

/** What to do with a request's body. */
public enum ContentKind {
    /** JSON that names a model: read it with {@link BodyScanner} before routing on it. */
    SCAN,
    /** Nothing that the gateway reads: forward it as it is. */
    PASS_THROUGH,
    /** JSON in a form that can't be read on the way: answer 415. */
    REFUSE
}

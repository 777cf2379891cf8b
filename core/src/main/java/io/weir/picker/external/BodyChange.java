package io.weir.picker.external;

import java.nio.ByteBuffer;

/** What becomes of a body, or of a piece of it. */
public sealed interface BodyChange {

    /** It stays as it is. */
    enum Unchanged implements BodyChange {
        UNCHANGED
    }

    /**
     * Other bytes take its place.
     *
     * @param bytes the bytes; empty to remove it
     */
    record Replaced(ByteBuffer bytes) implements BodyChange {}

    /**
     * The next bytes of the body that the picker sends in place of the one it was sent.
     *
     * @param bytes the bytes
     * @param last whether the body ends here
     */
    record Streamed(ByteBuffer bytes, boolean last) implements BodyChange {}
}

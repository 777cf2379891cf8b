package io.weir.body;

/**
 * Half-open range of bytes, counted from the start of the body.
 *
 * @param start first byte of the range
 * @param end byte after the last one
 */
public record ByteRange(long start, long end) {

    public ByteRange {
        if (start < 0 || end < start) {
            throw new IllegalArgumentException(
                    "range: " + start + ".." + end + " (expected: 0 <= start <= end)");
        }
    }

    /** Returns whether the range holds no byte; it then still marks a place. */
    public boolean isEmpty() {
        return start == end;
    }

    /** Returns the number of bytes. */
    public long length() {
        return end - start;
    }
}

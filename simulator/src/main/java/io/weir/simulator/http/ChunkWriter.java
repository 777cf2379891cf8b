package io.weir.simulator.http;

/**
 * Frames chunks of a chunked body in place: room for the length is left before the content, and
 * filled in after it.
 */
public final class ChunkWriter {

    /** Digits for which room is left; the lengths of most frames have this many. */
    private static final int USUAL_DIGITS = 3;

    private final Bytes out;
    private int lengthIndex;

    /** Writes to the end of some bytes. */
    public ChunkWriter(Bytes out) {
        this.out = out;
    }

    /** Begins a chunk; its content is written to the bytes that are returned. */
    public Bytes begin() {
        lengthIndex = out.length();
        out.skip(USUAL_DIGITS + 2);
        return out;
    }

    /** Ends the chunk, which must not be empty. */
    public void end() {
        int content = lengthIndex + USUAL_DIGITS + 2;
        int length = out.length() - content;
        int digits = (35 - Integer.numberOfLeadingZeros(length)) / 4;
        if (digits != USUAL_DIGITS) {
            out.move(content, digits - USUAL_DIGITS);
        }
        for (int i = 0; i < digits; i++) {
            out.set(lengthIndex + i, hexDigit((length >>> (4 * (digits - 1 - i))) & 0xf));
        }
        out.set(lengthIndex + digits, '\r');
        out.set(lengthIndex + digits + 1, '\n');
        out.writeByte('\r').writeByte('\n');
    }

    private static int hexDigit(int value) {
        return value < 10 ? '0' + value : 'a' + value - 10;
    }
}

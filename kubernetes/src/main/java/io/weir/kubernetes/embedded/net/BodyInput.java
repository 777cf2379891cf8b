package io.weir.kubernetes.embedded.net;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** Reads a body out of a connection; what comes after is left alone. */
abstract class BodyInput extends InputStream {

    private final InputStream in;
    private long left;

    BodyInput(InputStream in, long left) {
        this.in = in;
        this.left = left;
    }

    /** Returns how many bytes come next; 0 at the end. */
    abstract long nextPart(InputStream in) throws IOException;

    @Override
    public final int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public final int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (left == 0) {
            left = nextPart(in);
        }
        if (left == 0) {
            return -1;
        }
        int count = in.read(target, offset, (int) Math.min(left, length));
        if (count < 0) {
            throw new EOFException("the connection ended in a body");
        }
        left -= count;
        return count;
    }
}

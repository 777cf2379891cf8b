package io.weir.kubernetes.embedded.net;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** Reads a body of known length; what comes after is left alone. */
final class FixedInput extends InputStream {

    private final InputStream in;
    private long left;

    FixedInput(InputStream in, long length) {
        this.in = in;
        this.left = length;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
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

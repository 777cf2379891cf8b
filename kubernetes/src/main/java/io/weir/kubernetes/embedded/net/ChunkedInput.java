package io.weir.kubernetes.embedded.net;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** Reads a body in chunks up to its end; what comes after is left alone. */
final class ChunkedInput extends InputStream {

    private static final int MAX_LINE = 1_024;

    private final InputStream in;
    private long left;
    private boolean first = true;
    private boolean ended;

    ChunkedInput(InputStream in) {
        this.in = in;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (left == 0) {
            nextChunk();
        }
        if (ended) {
            return -1;
        }
        int count = in.read(target, offset, (int) Math.min(left, length));
        if (count < 0) {
            throw new EOFException("the connection ended in a body");
        }
        left -= count;
        return count;
    }

    private void nextChunk() throws IOException {
        if (ended) {
            return;
        }
        if (!first && !line().isEmpty()) {
            throw new RequestHead.Malformed("chunk (expected: as long as it says)");
        }
        first = false;
        String size = line();
        int semicolon = size.indexOf(';');
        try {
            left =
                    Long.parseLong(
                            (semicolon < 0 ? size : size.substring(0, semicolon)).strip(), 16);
        } catch (NumberFormatException e) {
            throw new RequestHead.Malformed("size of a chunk (expected: a hexadecimal number)");
        }
        if (left < 0) {
            throw new RequestHead.Malformed("size of a chunk (expected: 0 or more)");
        }
        ended = left == 0;
        if (ended) {
            skipTrailers();
        }
    }

    private void skipTrailers() throws IOException {
        for (String line = line(); !line.isEmpty(); line = line()) {
            // nobody here reads them
        }
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int value = in.read(); value != '\n'; value = in.read()) {
            if (value < 0 || line.length() > MAX_LINE) {
                throw new EOFException("the connection ended in a body");
            }
            if (value != '\r') {
                line.append((char) value);
            }
        }
        return line.toString();
    }
}

package io.weir.kubernetes.embedded.net;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Writes a body of unknown length: what was written since the last flush is one chunk. */
final class ChunkedOutput extends OutputStream {

    private static final int SIZE = 16 << 10;

    private final OutputStream out;
    private final byte[] buffer = new byte[SIZE];
    private int filled;
    private boolean ended;

    ChunkedOutput(OutputStream out) {
        this.out = out;
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
        int at = offset;
        int left = length;
        while (left > 0) {
            if (filled == SIZE) {
                chunk();
            }
            int count = Math.min(left, SIZE - filled);
            System.arraycopy(source, at, buffer, filled, count);
            filled += count;
            at += count;
            left -= count;
        }
    }

    private void chunk() throws IOException {
        if (filled > 0) {
            out.write((Integer.toHexString(filled) + "\r\n").getBytes(StandardCharsets.US_ASCII));
            out.write(buffer, 0, filled);
            out.write('\r');
            out.write('\n');
            filled = 0;
        }
    }

    @Override
    public void flush() throws IOException {
        chunk();
        out.flush();
    }

    /** Ends the body; the connection stays. */
    @Override
    public void close() throws IOException {
        if (!ended) {
            ended = true;
            chunk();
            out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            out.flush();
        }
    }
}

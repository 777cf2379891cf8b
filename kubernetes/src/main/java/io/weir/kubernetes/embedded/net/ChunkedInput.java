package io.weir.kubernetes.embedded.net;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** Reads a body in chunks up to its end. */
final class ChunkedInput extends BodyInput {

    private static final int MAX_LINE = 1_024;

    private boolean first = true;
    private boolean ended;

    ChunkedInput(InputStream in) {
        super(in, 0);
    }

    @Override
    long nextPart(InputStream in) throws IOException {
        if (ended) {
            return 0;
        }
        if (!first && !line(in).isEmpty()) {
            throw new RequestHead.Malformed("chunk (expected: as long as it says)");
        }
        first = false;
        long size = size(line(in));
        ended = size == 0;
        if (ended) {
            skipTrailers(in);
        }
        return size;
    }

    private static long size(String line) throws RequestHead.Malformed {
        int semicolon = line.indexOf(';');
        String digits = semicolon < 0 ? line : line.substring(0, semicolon);
        long size;
        try {
            size = Long.parseLong(digits.strip(), 16);
        } catch (NumberFormatException e) {
            throw new RequestHead.Malformed("size of a chunk (expected: a hexadecimal number)");
        }
        if (size < 0) {
            throw new RequestHead.Malformed("size of a chunk (expected: 0 or more)");
        }
        return size;
    }

    private static void skipTrailers(InputStream in) throws IOException {
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            // nobody here reads them
        }
    }

    private static String line(InputStream in) throws IOException {
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

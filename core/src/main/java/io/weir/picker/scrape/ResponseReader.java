package io.weir.picker.scrape;

import java.io.EOFException;
import java.io.IOException;

/**
 * Reads one HTTP/1.1 response after another. Used by one thread at a time.
 *
 * <pre>
 * begin() ─▶ readHead() ─▶ readBody() ─▶ begin() ...
 * </pre>
 */
final class ResponseReader {

    private static final int BUFFER_BYTES = 16 << 10;
    private static final int MOST_HEADERS = 100;
    private static final long MOST_BODY_BYTES = 16L << 20;
    private static final long UNTIL_CLOSE = -1;
    private static final long CHUNKED = -2;

    private final Source source;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int position;
    private int limit;
    private int lineFrom;
    private int lineTo;
    private long bodyBytes;
    private boolean keepsAlive;
    private boolean hasBegun;

    /** Where the bytes come from. */
    @FunctionalInterface
    interface Source {

        /** Reads some bytes; returns -1 at the end. */
        int read(byte[] bytes, int from, int length) throws IOException;
    }

    ResponseReader(Source source) {
        this.source = source;
    }

    void begin() {
        position = 0;
        limit = 0;
        hasBegun = false;
    }

    /** Returns whether a byte of the response came. */
    boolean hasBegun() {
        return hasBegun;
    }

    /** Returns whether the connection can be used again after the body. */
    boolean keepsAlive() {
        return keepsAlive;
    }

    /** Returns the status; responses that only announce another are skipped. */
    int readHead() throws IOException {
        while (true) {
            int status = readStatusLine();
            readHeaders();
            if (status >= 200) {
                bodyBytes = status == 204 || status == 304 ? 0 : bodyBytes;
                return status;
            }
        }
    }

    void readBody(ByteSink body) throws IOException {
        if (bodyBytes == CHUNKED) {
            readChunks(body);
        } else if (bodyBytes == UNTIL_CLOSE) {
            keepsAlive = false;
            readUntilClose(body);
        } else {
            readBytes(bodyBytes, body);
        }
    }

    private int readStatusLine() throws IOException {
        readLine();
        boolean isHttp1 = lineTo - lineFrom >= 12 && startsWith("http/1.");
        int status = isHttp1 ? number(lineFrom + 9, lineFrom + 12, 10) : 0;
        if (status < 100) {
            throw new IOException("not an HTTP/1 response");
        }
        keepsAlive = buffer[lineFrom + 7] != '0';
        return status;
    }

    private void readHeaders() throws IOException {
        bodyBytes = UNTIL_CLOSE;
        for (int i = 0; i < MOST_HEADERS; i++) {
            readLine();
            if (lineFrom == lineTo) {
                return;
            }
            if (startsWith("content-length:") && bodyBytes != CHUNKED) {
                bodyBytes = contentLength();
            } else if (startsWith("transfer-encoding:") && contains("chunked")) {
                bodyBytes = CHUNKED;
            } else if (startsWith("connection:") && contains("close")) {
                keepsAlive = false;
            } else if (startsWith("content-encoding:") && !contains("identity")) {
                throw new IOException("encoded, which was not asked for");
            }
        }
        throw new IOException("more than " + MOST_HEADERS + " headers");
    }

    private long contentLength() throws IOException {
        int from = lineFrom + "content-length:".length();
        while (from < lineTo && buffer[from] == ' ') {
            from++;
        }
        int length = number(from, lineTo, 10);
        if (length < 0 || length > MOST_BODY_BYTES) {
            throw new IOException("wrong or too large content-length");
        }
        return length;
    }

    private void readChunks(ByteSink body) throws IOException {
        long total = 0;
        while (true) {
            readLine();
            int to = lineFrom;
            while (to < lineTo && Character.digit(buffer[to], 16) >= 0) {
                to++;
            }
            int size = number(lineFrom, to, 16);
            total += size;
            if (size < 0 || total > MOST_BODY_BYTES) {
                throw new IOException("wrong chunk, or too many of them");
            }
            if (size == 0) {
                break;
            }
            readBytes(size, body);
            readLine();
        }
        do {
            readLine();
        } while (lineFrom != lineTo);
    }

    private void readBytes(long length, ByteSink body) throws IOException {
        for (long left = length; left > 0; ) {
            if (position == limit) {
                fill();
            }
            int taken = (int) Math.min(left, limit - position);
            body.accept(buffer, position, position + taken);
            position += taken;
            left -= taken;
        }
    }

    private void readUntilClose(ByteSink body) throws IOException {
        long total = 0;
        int read = limit - position;
        while (read >= 0) {
            total += read;
            if (total > MOST_BODY_BYTES) {
                throw new IOException("body is too large");
            }
            body.accept(buffer, position, position + read);
            position = 0;
            read = source.read(buffer, 0, buffer.length);
        }
    }

    /** Makes the next line available, without its end. */
    private void readLine() throws IOException {
        int scanned = position;
        while (true) {
            int end = Bytes.indexOf(buffer, scanned, limit, '\n');
            if (end >= 0) {
                lineFrom = position;
                lineTo = end > position && buffer[end - 1] == '\r' ? end - 1 : end;
                position = end + 1;
                return;
            }
            scanned = limit - position;
            fill();
            scanned += position;
        }
    }

    /** Reads more behind what is not consumed yet. */
    private void fill() throws IOException {
        System.arraycopy(buffer, position, buffer, 0, limit - position);
        limit -= position;
        position = 0;
        if (limit == buffer.length) {
            throw new IOException("line is longer than " + BUFFER_BYTES + " bytes");
        }
        int read = source.read(buffer, limit, buffer.length - limit);
        if (read < 0) {
            throw new EOFException("connection closed before the end of the response");
        }
        hasBegun = true;
        limit += read;
    }

    private boolean startsWith(String lowerCase) {
        return lineTo - lineFrom >= lowerCase.length() && isAt(lineFrom, lowerCase);
    }

    private boolean contains(String lowerCase) {
        for (int from = lineFrom; from <= lineTo - lowerCase.length(); from++) {
            if (isAt(from, lowerCase)) {
                return true;
            }
        }
        return false;
    }

    private boolean isAt(int from, String lowerCase) {
        for (int i = 0; i < lowerCase.length(); i++) {
            if (Character.toLowerCase((char) buffer[from + i]) != lowerCase.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Returns a number of at most eight digits; -1 when there is none. */
    private int number(int from, int to, int radix) {
        if (from >= to || to - from > 8) {
            return -1;
        }
        long number = 0;
        for (int i = from; i < to; i++) {
            int digit = Character.digit(buffer[i], radix);
            if (digit < 0) {
                return -1;
            }
            number = number * radix + digit;
        }
        return number > MOST_BODY_BYTES ? -1 : (int) number;
    }
}

package io.weir.picker.scrape;

import java.io.IOException;

/**
 * Reads one HTTP/1.1 response after another from bytes as they arrive.
 *
 * <pre>
 *                                ┌── length ─▶ BODY ─────────────────────────┐
 * STATUS_LINE ─▶ HEADERS ────────┼── chunks ─▶ CHUNK_SIZE ◀─▶ CHUNK ─▶ TRAILERS ─▶ DONE
 *      ▲             │           └── neither ▶ UNTIL_CLOSE ── end of stream ─┘
 *      └── 1xx ──────┘
 * </pre>
 */
final class ResponseParser {

    private static final int LONGEST_LINE = 16 << 10;
    private static final int MOST_LINES = 100;
    private static final long MOST_BODY_BYTES = 16L << 20;
    private static final int OK = 200;

    private final LineBuffer line = new LineBuffer(LONGEST_LINE);
    private State state = State.DONE;
    private ByteSink body = (_, _, _) -> {};
    private int status;
    private int lines;
    private long left;
    private long bodyBytes;
    private boolean isChunked;
    private boolean hasLength;
    private boolean keepsAlive;
    private boolean hasBegun;

    private enum State {
        STATUS_LINE,
        HEADERS,
        BODY,
        CHUNK_SIZE,
        CHUNK,
        CHUNK_END,
        TRAILERS,
        UNTIL_CLOSE,
        DONE
    }

    /**
     * Begins a response.
     *
     * @param newBody takes the body if the status is 200
     */
    void begin(ByteSink newBody) {
        body = newBody;
        line.clear();
        state = State.STATUS_LINE;
        hasBegun = false;
        bodyBytes = 0;
    }

    /** Returns whether a byte of the response came. */
    boolean hasBegun() {
        return hasBegun;
    }

    /** Returns whether the response is complete. */
    boolean isDone() {
        return state == State.DONE;
    }

    /** Returns the status. */
    int status() {
        return status;
    }

    /** Returns whether the connection can be used again. */
    boolean keepsAlive() {
        return keepsAlive;
    }

    /** Says that no more bytes will come; returns whether the response is complete by that. */
    boolean end() {
        if (state == State.UNTIL_CLOSE) {
            state = State.DONE;
        }
        return state == State.DONE;
    }

    /**
     * Takes bytes.
     *
     * @return the index behind the last byte of the response, which is {@code to} until it is done
     */
    int feed(byte[] bytes, int from, int to) throws IOException {
        hasBegun |= from < to;
        int next = from;
        while (next < to && state != State.DONE) {
            next =
                    switch (state) {
                        case BODY, CHUNK, UNTIL_CLOSE -> feedBody(bytes, next, to);
                        case STATUS_LINE, HEADERS, CHUNK_SIZE, CHUNK_END, TRAILERS, DONE ->
                                feedLine(bytes, next, to);
                    };
        }
        return next;
    }

    private int feedLine(byte[] bytes, int from, int to) throws IOException {
        int next = line.feed(bytes, from, to);
        if (line.isComplete()) {
            endLine();
            line.clear();
        }
        return next;
    }

    private void endLine() throws IOException {
        switch (state) {
            case STATUS_LINE -> readStatus();
            case HEADERS -> readHeader();
            case CHUNK_SIZE -> readChunkSize();
            case CHUNK_END -> state = State.CHUNK_SIZE;
            case TRAILERS -> {
                countLine();
                state = line.length() == 0 ? State.DONE : State.TRAILERS;
            }
            case BODY, CHUNK, UNTIL_CLOSE, DONE -> {}
        }
    }

    private void readStatus() throws IOException {
        status = line.startsWith("http/1.") ? line.number(9, 12, 10) : -1;
        if (status < 100) {
            throw new IOException("not an HTTP/1 response");
        }
        keepsAlive = line.at(7) != '0';
        isChunked = false;
        hasLength = false;
        lines = 0;
        state = State.HEADERS;
    }

    private void readHeader() throws IOException {
        countLine();
        if (line.length() == 0) {
            endHeaders();
        } else if (line.startsWith("content-length:")) {
            left = line.number("content-length:".length(), line.length(), 10);
            hasLength = true;
            limit(left);
        } else if (line.startsWith("transfer-encoding:") && line.contains("chunked")) {
            isChunked = true;
        } else if (line.startsWith("connection:") && line.contains("close")) {
            keepsAlive = false;
        } else if (line.startsWith("content-encoding:") && !line.contains("identity")) {
            throw new IOException("encoded, which was not asked for");
        }
    }

    private void endHeaders() {
        if (status < OK) {
            state = State.STATUS_LINE;
        } else if (status == 204 || status == 304 || (hasLength && !isChunked && left == 0)) {
            state = State.DONE;
        } else if (isChunked) {
            state = State.CHUNK_SIZE;
        } else if (hasLength) {
            state = State.BODY;
        } else {
            keepsAlive = false;
            left = MOST_BODY_BYTES;
            state = State.UNTIL_CLOSE;
        }
    }

    private void readChunkSize() throws IOException {
        left = line.number(0, line.hexDigits(), 16);
        limit(left);
        lines = 0;
        state = left == 0 ? State.TRAILERS : State.CHUNK;
    }

    private int feedBody(byte[] bytes, int from, int to) throws IOException {
        int taken = (int) Math.min(left, to - from);
        bodyBytes += taken;
        limit(bodyBytes);
        if (status == OK) {
            body.accept(bytes, from, from + taken);
        }
        left -= taken;
        if (left == 0) {
            endBody();
        }
        return from + taken;
    }

    private void endBody() throws IOException {
        switch (state) {
            case BODY -> state = State.DONE;
            case CHUNK -> state = State.CHUNK_END;
            case UNTIL_CLOSE -> throw new IOException("body is too large");
            case STATUS_LINE, HEADERS, CHUNK_SIZE, CHUNK_END, TRAILERS, DONE -> {}
        }
    }

    private void countLine() throws IOException {
        if (++lines > MOST_LINES) {
            throw new IOException("more than " + MOST_LINES + " headers");
        }
    }

    private static void limit(long bytes) throws IOException {
        if (bytes < 0 || bytes > MOST_BODY_BYTES) {
            throw new IOException("wrong length, or more than " + MOST_BODY_BYTES + " bytes");
        }
    }
}

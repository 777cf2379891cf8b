package io.weir.body;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Reads token usage from a response body as it streams by. Holds no part of the body but a few
 * bytes, whatever the length of lines, events and slices; never fails: what can't be read stays
 * unknown. Bodies must not be compressed. Not thread-safe; one for each response.
 *
 * <p>It searches for the key {@code "usage"} at any level: OpenAI has it at the top, the Responses
 * API in {@code response}, Anthropic in {@code message}. Within a JSON string the quotes around the
 * word would be escaped, so text can't pass for it.
 *
 * <pre>
 * LINE_START ─ "data:" → PAYLOAD ─┬→ SEARCH ─ '"usag' → KEY_END ─ 'e"' → COLON → VALUE ─ '{' → USAGE
 *     │                           └─ '[' → DONE_MARK                        (else back to SEARCH)
 *     └─ else → OTHER_LINE                  each line end → LINE_START; blank line: event ends
 * </pre>
 *
 * A JSON body is one endless SEARCH. Line ends are LF, CR or CRLF as the HTML standard's section on
 * server-sent events says.
 */
public final class UsageReader {

    private enum State {
        LINE_START,
        OTHER_LINE,
        PAYLOAD,
        DONE_MARK,
        SEARCH,
        KEY_END,
        COLON,
        VALUE,
        USAGE
    }

    private static final byte[] DATA = ascii("data:");
    private static final byte[] DONE = ascii("[DONE]");
    private static final byte[] KEY = ascii("\"usage\"");
    private static final int KEY_HEAD =
            ByteBuffer.wrap(KEY).order(ByteOrder.LITTLE_ENDIAN).getInt(0);

    /** Events after which nothing follows, in APIs that have no {@code [DONE]}. */
    private static final List<byte[]> LAST_EVENTS =
            List.of(
                    ascii("message_stop"),
                    ascii("response.completed"),
                    ascii("response.incomplete"),
                    ascii("response.failed"));

    private static final byte[] EVENT = ascii("event:");
    private static final int MAX_EVENT_LINE = 32;

    private static final long G = Swar.copies('g');
    private static final long LF = Swar.copies('\n');
    private static final long CR = Swar.copies('\r');

    private final boolean sse;
    private final Pieces pieces = new Pieces();
    private final UsageFields fields = new UsageFields();
    private final byte[] line;

    private State state;
    private State resume = State.SEARCH;
    private int matched;
    private int lineLength;
    private int lastBytes;
    private boolean lastWasCr;
    private boolean eventOpen;
    private boolean lastEvent;
    private boolean done;
    private int events;

    private UsageReader(boolean sse) {
        this.sse = sse;
        this.state = sse ? State.LINE_START : State.SEARCH;
        this.line = new byte[sse ? MAX_EVENT_LINE : 0];
    }

    /** Returns a reader of a {@code text/event-stream} body. */
    public static UsageReader sse() {
        return new UsageReader(true);
    }

    /** Returns a reader of a JSON body. */
    public static UsageReader json() {
        return new UsageReader(false);
    }

    /** Reads all bytes between the slice's position and limit; the position ends at the limit. */
    public void feed(ByteBuffer slice) {
        while (pieces.next(slice)) {
            read(pieces.bytes(), pieces.from(), pieces.to());
        }
    }

    /** Returns what was reported so far; the last report of each number counts. */
    public Usage usage() {
        return fields.usage();
    }

    /**
     * Returns whether the stream said that it is complete: {@code data: [DONE]}, or the end of an
     * event {@code message_stop}, {@code response.completed}, {@code .incomplete} or {@code
     * .failed}.
     */
    public boolean sawDone() {
        return done;
    }

    /** Returns the number of events with data, {@code [DONE]} not counted; about one per token. */
    public int events() {
        return events;
    }

    private void read(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to) {
            at = step(bytes, at, from, to);
        }
        lastBytes = fourBefore(bytes, to, from);
    }

    private int step(byte[] bytes, int at, int from, int to) {
        return switch (state) {
            case LINE_START -> lineStart(bytes[at], at);
            case OTHER_LINE -> otherLine(bytes, at, to);
            case PAYLOAD -> payload(bytes[at], at);
            case DONE_MARK -> doneMark(bytes[at], at);
            case SEARCH -> search(bytes, at, from, to);
            case KEY_END -> keyEnd(bytes[at], at);
            case COLON, VALUE -> beforeValue(bytes[at], at);
            case USAGE -> usage(bytes, at, to);
        };
    }

    private int lineStart(byte c, int at) {
        boolean secondHalf = c == '\n' && lastWasCr;
        lastWasCr = false;
        if (secondHalf) {
            return at + 1;
        }
        if (isLineEnd(c)) {
            if (matched == 0) {
                endEvent();
            }
            return endLine(c, at);
        }
        if (c != DATA[matched]) {
            state = State.OTHER_LINE;
            lineLength = 0;
            return at;
        }
        if (++matched == DATA.length) {
            state = State.PAYLOAD;
        }
        return at + 1;
    }

    private int otherLine(byte[] bytes, int from, int to) {
        int end = Swar.indexOf(bytes, from, to, LF, CR, CR);
        int length = Math.min(end - from, line.length - lineLength);
        System.arraycopy(bytes, from, line, lineLength, length);
        lineLength += length;
        if (end == to) {
            return to;
        }
        lastEvent |= isLastEvent();
        return endLine(bytes[end], end);
    }

    private boolean isLastEvent() {
        if (lineLength < EVENT.length || !startsWith(line, 0, EVENT)) {
            return false;
        }
        boolean space = lineLength > EVENT.length && line[EVENT.length] == ' ';
        int start = space ? EVENT.length + 1 : EVENT.length;
        for (byte[] name : LAST_EVENTS) {
            if (Arrays.equals(line, start, lineLength, name, 0, name.length)) {
                return true;
            }
        }
        return false;
    }

    private int payload(byte c, int at) {
        if (c == ' ') {
            return at + 1;
        }
        if (isLineEnd(c)) {
            return endLine(c, at);
        }
        if (c == DONE[0]) {
            state = State.DONE_MARK;
            matched = 0;
            return at;
        }
        startData();
        return at;
    }

    private int doneMark(byte c, int at) {
        if (c != DONE[matched]) {
            startData();
            return at;
        }
        if (++matched == DONE.length) {
            done = true;
            state = State.OTHER_LINE;
            lineLength = line.length;
        }
        return at + 1;
    }

    private void startData() {
        if (!eventOpen) {
            eventOpen = true;
            events++;
        }
        state = resume;
    }

    private int search(byte[] bytes, int at, int from, int to) {
        int found = Swar.indexOf(bytes, at, to, G, sse ? LF : G, sse ? CR : G);
        if (found == to) {
            return to;
        }
        byte c = bytes[found];
        if (c != 'g') {
            return endLine(c, found);
        }
        if (fourBefore(bytes, found, from) == KEY_HEAD) {
            state = State.KEY_END;
            matched = Integer.BYTES + 1;
        }
        return found + 1;
    }

    /** Returns the four bytes before an index, from the slice before when need be. */
    private int fourBefore(byte[] bytes, int index, int from) {
        if (index - from >= Integer.BYTES) {
            return Swar.intAt(bytes, index - Integer.BYTES);
        }
        int four = lastBytes;
        for (int at = from; at < index; at++) {
            four = (four >>> Byte.SIZE) | (bytes[at] << 24);
        }
        return four;
    }

    private int keyEnd(byte c, int at) {
        if (c != KEY[matched]) {
            state = State.SEARCH;
            return at;
        }
        if (++matched == KEY.length) {
            state = State.COLON;
        }
        return at + 1;
    }

    private int beforeValue(byte c, int at) {
        if (sse && isLineEnd(c)) {
            resume = state;
            return endLine(c, at);
        }
        if (c == ' ' || c == '\t' || isLineEnd(c)) {
            return at + 1;
        }
        if (state == State.COLON && c == ':') {
            state = State.VALUE;
            return at + 1;
        }
        if (state == State.VALUE && c == '{') {
            fields.reset();
            state = State.USAGE;
            return at;
        }
        resume = State.SEARCH;
        state = State.SEARCH;
        return at;
    }

    private int usage(byte[] bytes, int from, int to) {
        int end = sse ? Swar.indexOf(bytes, from, to, LF, CR, CR) : to;
        int at = fields.scan(bytes, from, end);
        if (fields.scanState() != ScanState.MORE) {
            resume = State.SEARCH;
            state = State.SEARCH;
            return at;
        }
        if (end == to) {
            return to;
        }
        resume = State.USAGE;
        return endLine(bytes[end], end);
    }

    private int endLine(byte c, int at) {
        state = State.LINE_START;
        matched = 0;
        lastWasCr = c == '\r';
        return at + 1;
    }

    private void endEvent() {
        done |= lastEvent;
        lastEvent = false;
        eventOpen = false;
        resume = State.SEARCH;
    }

    private static boolean isLineEnd(byte c) {
        return c == '\n' || c == '\r';
    }

    private static boolean startsWith(byte[] text, int from, byte[] prefix) {
        return Arrays.equals(text, from, from + prefix.length, prefix, 0, prefix.length);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}

package io.weir.body;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;

/**
 * A strict RFC 8259 reader of one JSON object that comes in pieces. It makes no values: a subclass
 * gives every value a field {@code T} that says what it means there, and is told where it ended.
 *
 * <pre>
 * START ─ '{' → FIRST_KEY ─ key → COLON → VALUE ─ scalar → NEXT_MEMBER ─ ',' → KEY
 *                  └ '}' ┐                 ├ '[' → FIRST_ELEMENT …        └ '}' ┐
 *                        │                 └ '{' → FIRST_KEY …                  │
 *                        └──────────── end of a container ←─────────────────────┘
 *                                        └→ NEXT_MEMBER | NEXT_ELEMENT | DONE
 * STRING, NUMBER, LITERAL: inside a scalar or key.      any → REJECTED
 * </pre>
 *
 * @param <T> what a value means
 */
abstract class JsonScanner<T> {

    /** What the scanner expects next. */
    private enum State {
        START("'{'"),
        FIRST_KEY("'\"' or '}'"),
        KEY("'\"'"),
        COLON("':'"),
        VALUE("a value"),
        FIRST_ELEMENT("a value or ']'"),
        NEXT_MEMBER("',' or '}'"),
        NEXT_ELEMENT("',' or ']'"),
        STRING("the end of a string"),
        NUMBER("the end of a number"),
        LITERAL("the end of a literal"),
        DONE("the end of the body"),
        REJECTED("nothing");

        private final String expected;

        State(String expected) {
            this.expected = expected;
        }
    }

    /** The three names. */
    enum Literal {
        TRUE("true"),
        FALSE("false"),
        NULL("null");

        private final String text;

        Literal(String text) {
            this.text = text;
        }
    }

    private final T root;
    private final T[] fields;
    private final boolean[] objects;
    private final int maxKeyBytes;
    private final int keyLimit;
    private final StringLexer string;
    private final NumberLexer number = new NumberLexer();

    private State state = State.START;
    private @Nullable String problem;
    private @Nullable String param;
    private int depth;
    private long base;
    private T field;
    private boolean isKey;
    private long valueStart;
    private Literal literal = Literal.NULL;
    private int literalLength;

    /**
     * Creates a scanner.
     *
     * @param root the meaning of the outermost object
     * @param stack room for the meanings of nested containers; its length is the deepest nesting
     * @param maxKeyBytes longest key that is accepted
     * @param keyLimit longest key that means something
     * @param keepLimit longest string that is kept
     */
    JsonScanner(T root, T[] stack, int maxKeyBytes, int keyLimit, int keepLimit) {
        this.root = root;
        this.field = root;
        this.fields = stack;
        this.objects = new boolean[stack.length];
        this.maxKeyBytes = maxKeyBytes;
        this.keyLimit = keyLimit;
        this.string = new StringLexer(Math.max(keyLimit, keepLimit));
    }

    /** Returns whether the keys of such an object matter. */
    abstract boolean readsKeys(T object);

    /** Returns the meaning of the value that follows the key in {@link #string()}. */
    abstract T member(T object);

    /** Returns the meaning of a value in an object whose keys don't matter, or in an array. */
    abstract T element(T container);

    /** Returns how many decoded bytes of such a string to keep; 0 for none. */
    abstract int keepLimit(T field);

    abstract void startContainer(T field, boolean object, long start);

    abstract void endContainer(T field, boolean object, long end);

    /** Called with the range of a string, quotes included. */
    abstract void endString(T field, long start, long end);

    abstract void endNumber(T field, long value, long start, long end);

    abstract void endLiteral(T field, Literal value, long start, long end);

    /** Starts anew. */
    void reset() {
        state = State.START;
        problem = null;
        param = null;
        depth = 0;
        base = 0;
        field = root;
    }

    /**
     * Reads the bytes and returns the index after the last one used; all of them unless at an end.
     */
    final int scan(ByteBuffer bytes, int from, int to) {
        base -= from;
        int at = from;
        while (at < to && state != State.REJECTED && state != State.DONE) {
            at =
                    switch (state) {
                        case STRING -> string(bytes, at, to);
                        case NUMBER -> number(bytes, at, to);
                        case LITERAL -> literal(bytes.get(at), at);
                        default -> structure(bytes.get(at), at);
                    };
        }
        base += to;
        return at;
    }

    final ScanState scanState() {
        return switch (state) {
            case DONE -> ScanState.DONE;
            case REJECTED -> ScanState.REJECTED;
            default -> ScanState.MORE;
        };
    }

    /** Returns the bytes read so far. */
    final long offset() {
        return base;
    }

    final StringLexer string() {
        return string;
    }

    /** Refuses the document, to blame on a top-level key when it isn't a matter of JSON. */
    final void reject(String why, @Nullable String key) {
        if (state != State.REJECTED) {
            state = State.REJECTED;
            problem = why;
            param = key;
        }
    }

    /** Returns why the document is not accepted. */
    final BodyException problem() {
        if (problem != null) {
            return new BodyException(problem, param);
        }
        return new BodyException(
                "Request body is not valid JSON: it ends at byte "
                        + base
                        + " where "
                        + state.expected
                        + " is expected",
                null);
    }

    final void rejectJson(String why, long at) {
        reject("Request body is not valid JSON: " + why + " at byte " + at, null);
    }

    private int structure(int c, int at) {
        if (c == ' ' || c == '\n' || c == '\r' || c == '\t') {
            return at + 1;
        }
        switch (state) {
            case START -> start(c, at);
            case FIRST_KEY -> {
                if (c == '}') {
                    close(at);
                } else {
                    key(c, at);
                }
            }
            case KEY -> key(c, at);
            case COLON -> expect(c == ':', State.VALUE, at);
            case FIRST_ELEMENT -> {
                if (c == ']') {
                    close(at);
                } else {
                    element(c, at);
                }
            }
            case VALUE -> value(c, at);
            case NEXT_MEMBER -> {
                if (c == '}') {
                    close(at);
                } else {
                    expect(c == ',', State.KEY, at);
                }
            }
            case NEXT_ELEMENT -> {
                if (c == ']') {
                    close(at);
                } else {
                    nextElement(c, at);
                }
            }
            case STRING, NUMBER, LITERAL, DONE, REJECTED -> throw new IllegalStateException();
        }
        // A number starts with its own first byte.
        return state == State.NUMBER ? at : at + 1;
    }

    private void start(int c, int at) {
        if (c == '{') {
            field = root;
            open(true, at);
        } else if (c == (byte) 0xef) {
            unexpected(at, " (a byte order mark is not accepted)");
        } else {
            unexpected(at, "");
        }
    }

    private void key(int c, int at) {
        if (c != '"') {
            unexpected(at, "");
            return;
        }
        isKey = true;
        startString(at, readsKeys(fields[depth - 1]) ? keyLimit : 0);
    }

    private void element(int c, int at) {
        field = element(fields[depth - 1]);
        value(c, at);
    }

    private void nextElement(int c, int at) {
        expect(c == ',', State.VALUE, at);
        field = element(fields[depth - 1]);
    }

    private void value(int c, int at) {
        valueStart = base + at;
        switch (c) {
            case '"' -> {
                isKey = false;
                startString(at, keepLimit(field));
            }
            case '{' -> open(true, at);
            case '[' -> open(false, at);
            case 't' -> startLiteral(Literal.TRUE);
            case 'f' -> startLiteral(Literal.FALSE);
            case 'n' -> startLiteral(Literal.NULL);
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> {
                number.begin();
                state = State.NUMBER;
            }
            default -> unexpected(at, "");
        }
    }

    private void open(boolean object, int at) {
        if (depth == fields.length) {
            rejectJson("nesting deeper than " + fields.length, base + at);
            return;
        }
        startContainer(field, object, base + at);
        if (state == State.REJECTED) {
            return;
        }
        fields[depth] = field;
        objects[depth] = object;
        depth++;
        state = object ? State.FIRST_KEY : State.FIRST_ELEMENT;
    }

    private void close(int at) {
        depth--;
        endContainer(fields[depth], objects[depth], base + at + 1);
        valueEnded();
    }

    private void valueEnded() {
        if (state != State.REJECTED) {
            state =
                    depth == 0
                            ? State.DONE
                            : objects[depth - 1] ? State.NEXT_MEMBER : State.NEXT_ELEMENT;
        }
    }

    private void startString(int at, int limit) {
        valueStart = base + at;
        string.begin(limit);
        state = State.STRING;
    }

    private int string(ByteBuffer bytes, int from, int to) {
        int at = string.scan(bytes, from, to);
        String wrong = string.problem();
        if (wrong != null) {
            rejectJson(wrong, base + at);
        } else if (isKey) {
            keyRead(base + at);
        } else if (string.closed()) {
            endString(field, valueStart, base + at);
            valueEnded();
        }
        return at;
    }

    private void keyRead(long end) {
        long length = end - valueStart - (string.closed() ? 2 : 1);
        if (length > maxKeyBytes) {
            reject(
                    "Request body has a key longer than "
                            + maxKeyBytes
                            + " bytes at byte "
                            + valueStart,
                    null);
        } else if (string.closed()) {
            T object = fields[depth - 1];
            state = State.COLON;
            field = readsKeys(object) ? member(object) : element(object);
        }
    }

    private int number(ByteBuffer bytes, int from, int to) {
        int at = number.scan(bytes, from, to);
        if (at == to) {
            return at;
        }
        if (number.mayEnd()) {
            endNumber(field, number.value(), valueStart, base + at);
            valueEnded();
        } else {
            rejectJson("expected a digit", base + at);
        }
        return at;
    }

    private void startLiteral(Literal expected) {
        literal = expected;
        literalLength = 1;
        state = State.LITERAL;
    }

    private int literal(int c, int at) {
        if (c != literal.text.charAt(literalLength)) {
            rejectJson("invalid literal", base + at);
            return at;
        }
        if (++literalLength == literal.text.length()) {
            endLiteral(field, literal, valueStart, base + at + 1);
            valueEnded();
        }
        return at + 1;
    }

    private void expect(boolean found, State next, int at) {
        if (found) {
            state = next;
        } else {
            unexpected(at, "");
        }
    }

    private void unexpected(int at, String remark) {
        rejectJson("expected " + state.expected + remark, base + at);
    }
}

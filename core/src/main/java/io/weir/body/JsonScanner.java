package io.weir.body;

import org.jspecify.annotations.Nullable;

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

    /** Returns the meaning of the value that follows a key of {@code length} bytes. */
    abstract T member(T object, byte[] key, int from, int length);

    /** Returns the meaning of a value in an object whose keys don't matter, or in an array. */
    abstract T element(T container);

    /** Returns how many decoded bytes of such a string to keep; 0 for none. */
    abstract int keepLimit(T field);

    abstract void startContainer(T field, boolean object, long start);

    abstract void endContainer(T field, boolean object, long end);

    /** Called with the range of a string, quotes included. */
    abstract void endString(T field, long start, long end);

    /** Called with the range of a string whose end is missing, from its quote on. */
    void cutString(T field, long start, long end) {}

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
    final int scan(byte[] bytes, int from, int to) {
        base -= from;
        int at = from;
        while (at < to && state != State.DONE && state != State.REJECTED) {
            at = step(bytes, at, to);
        }
        base += to;
        return at;
    }

    /** Ends what stands open where no more comes; nothing may be read afterwards. */
    final void cutOff() {
        if (state == State.STRING && !isKey) {
            cutString(field, valueStart, base);
        }
        for (int open = depth - 1; open >= 0; open--) {
            // The bracket that is missing would be the next byte.
            endContainer(fields[open], objects[open], base + 1);
        }
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

    private int step(byte[] bytes, int at, int to) {
        int c = bytes[at];
        return switch (state) {
            case KEY -> c == '"' ? key(bytes, at, to) : other(c, at);
            case VALUE -> value(bytes, c, at, to);
            case NEXT_MEMBER, NEXT_ELEMENT -> next(bytes, c, at, to);
            case FIRST_KEY, FIRST_ELEMENT -> first(bytes, c, at, to);
            case COLON -> c == ':' ? expect(State.VALUE, at) : other(c, at);
            case STRING -> string(bytes, at, to);
            case NUMBER -> number(bytes, at, to);
            case LITERAL -> literal(bytes, at, to);
            case START -> start(c, at);
            case DONE, REJECTED -> at;
        };
    }

    private int next(byte[] bytes, int c, int at, int to) {
        boolean inObject = state == State.NEXT_MEMBER;
        if (c == ',') {
            return inObject ? expect(State.KEY, at) : nextElement(at);
        }
        return c == (inObject ? '}' : ']') ? close(bytes, at, to) : other(c, at);
    }

    private int first(byte[] bytes, int c, int at, int to) {
        boolean inObject = state == State.FIRST_KEY;
        if (c == (inObject ? '}' : ']')) {
            return close(bytes, at, to);
        }
        if (!inObject) {
            return firstElement(bytes, c, at, to);
        }
        return c == '"' ? key(bytes, at, to) : other(c, at);
    }

    /** Skips whitespace; nothing else is allowed. */
    private int other(int c, int at) {
        if (c == ' ' || c == '\n' || c == '\r' || c == '\t') {
            return at + 1;
        }
        return unexpected(at, "");
    }

    private int start(int c, int at) {
        if (c == '{') {
            field = root;
            return open(true, at);
        }
        boolean mark = c == (byte) 0xef;
        return mark ? unexpected(at, " (a byte order mark is not accepted)") : other(c, at);
    }

    private int key(byte[] bytes, int at, int to) {
        isKey = true;
        valueStart = base + at;
        int end = Swar.plainEnd(bytes, at + 1, to);
        if (end < to && bytes[end] == '"') {
            return endKey(bytes, at + 1, end - at - 1, bytes, end + 1, to);
        }
        return startString(bytes, at, end, to, readsKeys(fields[depth - 1]) ? keyLimit : 0);
    }

    private int firstElement(byte[] bytes, int c, int at, int to) {
        field = element(fields[depth - 1]);
        return value(bytes, c, at, to);
    }

    private int nextElement(int at) {
        field = element(fields[depth - 1]);
        return expect(State.VALUE, at);
    }

    private int value(byte[] bytes, int c, int at, int to) {
        return switch (c) {
            case '"' -> text(bytes, at, to);
            case '{' -> open(true, at);
            case '[' -> open(false, at);
            case 't' -> startLiteral(Literal.TRUE, bytes, at, to);
            case 'f' -> startLiteral(Literal.FALSE, bytes, at, to);
            case 'n' -> startLiteral(Literal.NULL, bytes, at, to);
            case '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> integer(bytes, at, to);
            case '-' -> startNumber(at);
            default -> other(c, at);
        };
    }

    private int open(boolean object, int at) {
        if (depth == fields.length) {
            rejectJson("nesting deeper than " + fields.length, base + at);
            return at;
        }
        fields[depth] = field;
        objects[depth] = object;
        depth++;
        state = object ? State.FIRST_KEY : State.FIRST_ELEMENT;
        startContainer(field, object, base + at);
        return at + 1;
    }

    private int close(byte[] bytes, int at, int to) {
        depth--;
        endContainer(fields[depth], objects[depth], base + at + 1);
        return endValue(bytes, at + 1, to);
    }

    /** Goes on after a value, and at once past a comma when there is one. */
    private int endValue(byte[] bytes, int at, int to) {
        if (state == State.REJECTED) {
            return at;
        }
        if (depth == 0) {
            state = State.DONE;
            return at;
        }
        boolean inObject = objects[depth - 1];
        if (at == to || bytes[at] != ',') {
            state = inObject ? State.NEXT_MEMBER : State.NEXT_ELEMENT;
            return at;
        }
        state = inObject ? State.KEY : State.VALUE;
        if (!inObject) {
            field = element(fields[depth - 1]);
        }
        return pastSpace(bytes, at + 1, to);
    }

    private int text(byte[] bytes, int at, int to) {
        isKey = false;
        valueStart = base + at;
        int limit = keepLimit(field);
        int end = Swar.plainEnd(bytes, at + 1, to);
        if (limit > 0 || end == to || bytes[end] != '"') {
            return startString(bytes, at, end, to, limit);
        }
        string.skip();
        endString(field, valueStart, base + end + 1);
        return endValue(bytes, end + 1, to);
    }

    private int startString(byte[] bytes, int at, int plainEnd, int to, int limit) {
        state = State.STRING;
        return endString(bytes, string.begin(bytes, at + 1, plainEnd, to, limit), to);
    }

    private int string(byte[] bytes, int from, int to) {
        return endString(bytes, string.scan(bytes, from, to), to);
    }

    /** Goes on after as much of a string as there was. */
    private int endString(byte[] bytes, int at, int to) {
        String wrong = string.problem();
        if (wrong != null) {
            rejectJson(wrong, base + at);
            return at;
        }
        if (isKey && base + at - valueStart - 2 > maxKeyBytes) {
            rejectKey();
            return at;
        }
        if (!string.closed()) {
            return at;
        }
        if (isKey) {
            // A key that was cut is longer than any that means something.
            return endKey(string.kept(), 0, string.keptLength(), bytes, at, to);
        }
        endString(field, valueStart, base + at);
        return endValue(bytes, at, to);
    }

    private int endKey(byte[] key, int from, int length, byte[] bytes, int at, int to) {
        if (length > maxKeyBytes) {
            rejectKey();
            return at;
        }
        T object = fields[depth - 1];
        state = State.COLON;
        field = readsKeys(object) ? member(object, key, from, length) : element(object);
        if (state == State.COLON && at < to && bytes[at] == ':') {
            state = State.VALUE;
            int next = pastSpace(bytes, at + 1, to);
            return next < to ? value(bytes, bytes[next], next, to) : next;
        }
        return at;
    }

    private void rejectKey() {
        String message = "Request body is refused: it has a key longer than ";
        reject(message + maxKeyBytes + " bytes at byte " + valueStart, null);
    }

    private static int pastSpace(byte[] bytes, int at, int to) {
        return at < to && bytes[at] == ' ' ? at + 1 : at;
    }

    /** Reads a whole number at once, or leaves it to the lexer when it may be anything else. */
    private int integer(byte[] bytes, int at, int to) {
        int end = at;
        long value = 0;
        while (end < to && bytes[end] >= '0' && bytes[end] <= '9') {
            value = Math.min(value * 10 + (bytes[end] - '0'), Integer.MAX_VALUE);
            end++;
        }
        boolean leadingZero = bytes[at] == '0' && end > at + 1;
        if (end == to || leadingZero || NumberLexer.goesOn(bytes[end])) {
            return startNumber(at);
        }
        endNumber(field, value, base + at, base + end);
        return endValue(bytes, end, to);
    }

    private int startNumber(int at) {
        valueStart = base + at;
        number.begin();
        state = State.NUMBER;
        return at;
    }

    private int number(byte[] bytes, int from, int to) {
        int at = number.scan(bytes, from, to);
        if (at == to) {
            return at;
        }
        if (number.mayEnd()) {
            endNumber(field, number.value(), valueStart, base + at);
            return endValue(bytes, at, to);
        }
        rejectJson("expected a digit", base + at);
        return at;
    }

    private int startLiteral(Literal expected, byte[] bytes, int at, int to) {
        valueStart = base + at;
        literal = expected;
        literalLength = 1;
        state = State.LITERAL;
        return literal(bytes, at + 1, to);
    }

    private int literal(byte[] bytes, int from, int to) {
        int at = from;
        for (; literalLength < literal.text.length(); at++, literalLength++) {
            if (at == to) {
                return at;
            }
            if (bytes[at] != literal.text.charAt(literalLength)) {
                rejectJson("invalid literal", base + at);
                return at;
            }
        }
        endLiteral(field, literal, valueStart, base + at);
        return endValue(bytes, at, to);
    }

    private int expect(State next, int at) {
        state = next;
        return at + 1;
    }

    private int unexpected(int at, String remark) {
        rejectJson("expected " + state.expected + remark, base + at);
        return at;
    }
}

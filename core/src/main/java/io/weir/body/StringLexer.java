package io.weir.body;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;

/**
 * Reads one JSON string after its opening quote, in pieces: checks escapes and UTF-8, keeps the
 * decoded text when asked to, and weighs it.
 *
 * <pre>
 * PLAIN ─ '\' → ESCAPE ─ 'u' → HEX (4 digits) → PLAIN
 *   │              └──── other ────────────────→ PLAIN
 *   ├─ lead byte → CONTINUATION (1..3 bytes) → PLAIN
 *   └─ '"' → CLOSED
 * </pre>
 */
final class StringLexer {

    private enum Part {
        PLAIN,
        ESCAPE,
        HEX,
        CONTINUATION,
        CLOSED
    }

    private static final String BAD_UTF8 = "invalid UTF-8";

    private final byte[] kept;
    private Part part = Part.PLAIN;
    private @Nullable String problem;
    private int keepLimit;
    private int keptLength;
    private boolean cut;
    private boolean loneSurrogate;
    private int hexDigits;
    private int unit;
    private int pendingHigh;
    private int continuations;
    private int lowest;
    private int highest;
    private long weightCorrection;

    StringLexer(int capacity) {
        kept = new byte[capacity];
    }

    /** Stands for a string of plain characters that nobody wants to keep. */
    void skip() {
        weightCorrection = 0;
    }

    /**
     * Starts with the bytes after an opening quote, and returns the index after the last one used.
     *
     * @param plainEnd where the plain characters end, as {@link Swar#plainEnd} says
     * @param limit decoded bytes to keep; 0 when nobody wants the text
     */
    int begin(byte[] bytes, int from, int plainEnd, int to, int limit) {
        part = Part.PLAIN;
        problem = null;
        keepLimit = limit;
        keptLength = 0;
        cut = false;
        loneSurrogate = false;
        pendingHigh = 0;
        weightCorrection = 0;
        keep(bytes, from, plainEnd);
        return scan(bytes, plainEnd, to);
    }

    /** Reads on and returns the index after the last byte used, or that of the offending byte. */
    int scan(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && part != Part.CLOSED && problem == null) {
            at =
                    switch (part) {
                        case PLAIN -> plain(bytes, at, to);
                        case ESCAPE -> escape(bytes[at], at);
                        case HEX -> hex(bytes[at], at);
                        case CONTINUATION -> continuation(bytes[at], at);
                        case CLOSED -> at;
                    };
        }
        return at;
    }

    /** Returns whether the closing quote was read. */
    boolean closed() {
        return part == Part.CLOSED;
    }

    /** Returns what is wrong with the string; null when nothing is. */
    @Nullable String problem() {
        return problem;
    }

    /** Returns a buffer whose first {@link #keptLength()} bytes are the decoded text. */
    byte[] kept() {
        return kept;
    }

    int keptLength() {
        return keptLength;
    }

    /** Returns the decoded text, as far as it was kept. */
    String text() {
        return new String(kept, 0, keptLength, StandardCharsets.UTF_8);
    }

    /** Returns whether the text was longer than the limit. */
    boolean cut() {
        return cut;
    }

    /** Returns whether the kept text had a surrogate escape without its other half. */
    boolean loneSurrogate() {
        return loneSurrogate;
    }

    /** Returns quarter tokens to add to one per written byte; see {@link BodyScanner}. */
    long weightCorrection() {
        return weightCorrection;
    }

    private int plain(byte[] bytes, int from, int to) {
        int at = from;
        while (true) {
            at = Swar.plainEnd(bytes, at, to);
            if (at == to) {
                break;
            }
            int c = bytes[at];
            if (c >= 0) {
                keep(bytes, from, at);
                return special(c, at);
            }
            at = multibyte(bytes, at, to);
            if (part != Part.PLAIN || problem != null) {
                break;
            }
        }
        keep(bytes, from, at);
        return at;
    }

    private int special(int c, int at) {
        if (c == '"') {
            endOfUnits();
            part = Part.CLOSED;
            return at + 1;
        }
        if (c == '\\') {
            part = Part.ESCAPE;
            return at + 1;
        }
        problem = "unescaped control character in a string";
        return at;
    }

    private int escape(int c, int at) {
        int decoded =
                switch (c) {
                    case '"', '\\', '/' -> c;
                    case 'b' -> '\b';
                    case 'f' -> '\f';
                    case 'n' -> '\n';
                    case 'r' -> '\r';
                    case 't' -> '\t';
                    default -> -1;
                };
        if (c == 'u') {
            part = Part.HEX;
            hexDigits = 0;
            unit = 0;
            return at + 1;
        }
        if (decoded < 0) {
            problem = "invalid escape in a string";
            return at;
        }
        endOfUnits();
        append(decoded);
        weightCorrection -= 1;
        part = Part.PLAIN;
        return at + 1;
    }

    private int hex(int c, int at) {
        int digit = Character.digit(c, 16);
        if (digit < 0) {
            problem = "invalid \\u escape in a string";
            return at;
        }
        unit = (unit << 4) | digit;
        if (++hexDigits == 4) {
            unit((char) unit);
            part = Part.PLAIN;
        }
        return at + 1;
    }

    private void unit(char c) {
        weightCorrection += (c < 0x80 ? 1 : c < 0x800 ? 2 : 4) - 6;
        if (Character.isLowSurrogate(c) && pendingHigh != 0) {
            appendCodePoint(Character.toCodePoint((char) pendingHigh, c));
            pendingHigh = 0;
            return;
        }
        endOfUnits();
        if (Character.isHighSurrogate(c)) {
            pendingHigh = c;
        } else if (Character.isLowSurrogate(c)) {
            lone();
        } else {
            appendCodePoint(c);
        }
    }

    /** Called when something else than a low surrogate escape follows. */
    private void endOfUnits() {
        if (pendingHigh != 0) {
            pendingHigh = 0;
            lone();
        }
    }

    private void lone() {
        loneSurrogate = true;
        appendCodePoint(0xfffd);
    }

    /** Skips characters of several bytes as long as they are whole, else waits for the rest. */
    private int multibyte(byte[] bytes, int from, int to) {
        int at = threeByteCharacters(bytes, from, to);
        while (at < to && problem == null) {
            int c = bytes[at];
            if (c >= 0) {
                return at;
            }
            lead(c & 0xff);
            at = problem == null ? continuations(bytes, at + 1, to) : at;
        }
        return at;
    }

    /** Skips the bulk of Chinese, Japanese and Korean text. */
    private int threeByteCharacters(byte[] bytes, int from, int to) {
        int at = from;
        for (; at <= to - Integer.BYTES; at += 3) {
            int word = Swar.intAt(bytes, at);
            int c = ((word & 0x0f) << 12) | ((word & 0x3f00) >> 2) | ((word & 0x3f0000) >> 16);
            boolean threeBytes = (word & 0xc0c0f0) == 0x8080e0;
            if (!threeBytes || c < 0x800 || (c >= 0xd800 && c < 0xe000)) {
                break;
            }
        }
        weightCorrection += (at - from) / 3;
        return at;
    }

    private int continuations(byte[] bytes, int from, int to) {
        int at = from;
        while (continuations > 0) {
            if (at == to) {
                part = Part.CONTINUATION;
                return at;
            }
            if (!follows(bytes[at] & 0xff)) {
                return at;
            }
            at++;
        }
        return at;
    }

    private int continuation(byte c, int at) {
        if (!follows(c & 0xff)) {
            return at;
        }
        append(c);
        if (continuations == 0) {
            part = Part.PLAIN;
        }
        return at + 1;
    }

    /* The table of well-formed sequences: Unicode 16, table 3-7. */
    private void lead(int c) {
        lowest = 0x80;
        highest = 0xbf;
        if (c >= 0xc2 && c <= 0xdf) {
            continuations = 1;
        } else if (c >= 0xe0 && c <= 0xef) {
            continuations = 2;
            lowest = c == 0xe0 ? 0xa0 : 0x80;
            highest = c == 0xed ? 0x9f : 0xbf;
            weightCorrection += 1;
        } else if (c >= 0xf0 && c <= 0xf4) {
            continuations = 3;
            lowest = c == 0xf0 ? 0x90 : 0x80;
            highest = c == 0xf4 ? 0x8f : 0xbf;
            weightCorrection += 4;
        } else {
            problem = BAD_UTF8;
        }
    }

    private boolean follows(int c) {
        if (c < lowest || c > highest) {
            problem = BAD_UTF8;
            return false;
        }
        lowest = 0x80;
        highest = 0xbf;
        continuations--;
        return true;
    }

    private void keep(byte[] bytes, int from, int to) {
        if (from == to) {
            return;
        }
        endOfUnits();
        int length = Math.min(to - from, keepLimit - keptLength);
        if (length > 0) {
            System.arraycopy(bytes, from, kept, keptLength, length);
            keptLength += length;
        }
        cut |= length < to - from;
    }

    private void append(int c) {
        if (keptLength < keepLimit) {
            kept[keptLength++] = (byte) c;
        } else {
            cut = true;
        }
    }

    private void appendCodePoint(int c) {
        if (c < 0x80) {
            append(c);
            return;
        }
        if (c < 0x800) {
            append(0xc0 | (c >> 6));
        } else {
            if (c < 0x10000) {
                append(0xe0 | (c >> 12));
            } else {
                append(0xf0 | (c >> 18));
                append(0x80 | ((c >> 12) & 0x3f));
            }
            append(0x80 | ((c >> 6) & 0x3f));
        }
        append(0x80 | (c & 0x3f));
    }
}

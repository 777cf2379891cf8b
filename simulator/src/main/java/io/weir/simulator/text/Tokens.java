package io.weir.simulator.text;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Cuts UTF-8 text into tokens: as many whole characters as fit into four bytes. The number of a
 * token is its bytes, read as an unsigned big-endian number, so that numbers can be turned back
 * into text without a vocabulary. English has 1.4 such tokens per word; a Chinese character or an
 * emoji is one.
 *
 * <p>Numbers from {@code 0x80} to {@code 0xbf} are no character by themselves; they mark the parts
 * of a conversation, as the special tokens of real models do.
 */
public final class Tokens {

    /** Begins a part of unknown role. */
    public static final int OTHER = 0x80;

    /** Begins a system message. */
    public static final int SYSTEM = 0x81;

    /** Begins a user's message. */
    public static final int USER = 0x82;

    /** Begins a message of the model. */
    public static final int ASSISTANT = 0x83;

    /** Begins the result of a tool. */
    public static final int TOOL = 0x84;

    /** Ends a message. */
    public static final int END = 0x85;

    private static final int MAX_BYTES = 4;

    private Tokens() {}

    /** Hands the tokens of a text to a sink. */
    public static void encode(byte[] utf8, TokenSink sink) {
        int at = 0;
        while (at < utf8.length) {
            int end = next(utf8, at);
            sink.accept(number(utf8, at, end));
            at = end;
        }
    }

    /** Returns how many tokens a text has. */
    public static int count(byte[] utf8) {
        int count = 0;
        for (int at = 0; at < utf8.length; at = next(utf8, at)) {
            count++;
        }
        return count;
    }

    /** Returns where the token that begins at an index ends. */
    public static int next(byte[] utf8, int from) {
        int end = from + MAX_BYTES;
        if (end >= utf8.length) {
            return utf8.length;
        }
        while (end > from && isContinuation(utf8[end])) {
            end--;
        }
        return end == from ? from + MAX_BYTES : end;
    }

    /** Returns the text of tokens; special ones have none. */
    public static String decode(int[] tokens) {
        ByteArrayOutputStream utf8 = new ByteArrayOutputStream(MAX_BYTES * tokens.length);
        for (int token : tokens) {
            append(utf8, token);
        }
        return utf8.toString(StandardCharsets.UTF_8);
    }

    private static void append(ByteArrayOutputStream utf8, int token) {
        if (token >= OTHER && token <= 0xbf) {
            return;
        }
        boolean begun = false;
        for (int shift = 24; shift >= 0; shift -= 8) {
            int b = (token >>> shift) & 0xff;
            begun |= b != 0;
            if (begun) {
                utf8.write(b);
            }
        }
    }

    private static int number(byte[] utf8, int from, int to) {
        int number = 0;
        for (int i = from; i < to; i++) {
            number = number << 8 | (utf8[i] & 0xff);
        }
        return number;
    }

    private static boolean isContinuation(byte b) {
        return (b & 0xc0) == 0x80;
    }
}

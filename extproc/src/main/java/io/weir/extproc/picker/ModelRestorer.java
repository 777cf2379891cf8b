package io.weir.extproc.picker;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.google.protobuf.ByteString;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Gives an answer the model's name that the client asked for: every {@code "model":"target"}, with
 * or without blanks around the colon, wherever pieces begin and end. Within a JSON text the quotes
 * would be escaped, so an answer's text can't pass for it.
 *
 * <p>Holds back at most the bytes that may turn out to be the member. Used by one thread at a time.
 */
final class ModelRestorer {

    private static final byte[] KEY = "\"model\"".getBytes(StandardCharsets.US_ASCII);
    private static final int MOST_BLANKS = 4;
    private static final int UNDECIDED = -1;
    private static final int NO = 0;

    private final byte[] target;
    private final ByteString asked;
    private byte[] held = {};

    /**
     * @param target the name that the server knows
     * @param asked the name that the client asked for
     */
    ModelRestorer(String target, String asked) {
        this.target = quoted(target);
        this.asked = ByteString.copyFrom(quoted(asked));
    }

    private static byte[] quoted(String name) {
        byte[] inside = JsonStringEncoder.getInstance().quoteAsUTF8(name);
        byte[] all = new byte[inside.length + 2];
        all[0] = '"';
        System.arraycopy(inside, 0, all, 1, inside.length);
        all[all.length - 1] = '"';
        return all;
    }

    /**
     * Takes a piece and returns what can be passed on.
     *
     * @param last whether nothing may be held back
     */
    ByteString feed(ByteString piece, boolean last) {
        byte[] data = joined(piece);
        ByteString out = ByteString.EMPTY;
        int passed = 0;
        for (int at = nextQuote(data, 0); at < data.length; at = nextQuote(data, at + 1)) {
            int value = valueAt(data, at);
            if (value == UNDECIDED && !last) {
                held = Arrays.copyOfRange(data, at, data.length);
                return out.concat(ByteString.copyFrom(data, passed, at - passed));
            }
            if (value > 0) {
                out = out.concat(ByteString.copyFrom(data, passed, value - passed)).concat(asked);
                passed = value + target.length;
                at = passed - 1;
            }
        }
        held = new byte[0];
        boolean untouched = passed == 0 && data.length == piece.size();
        return untouched
                ? piece
                : out.concat(ByteString.copyFrom(data, passed, data.length - passed));
    }

    private byte[] joined(ByteString piece) {
        byte[] data = Arrays.copyOf(held, held.length + piece.size());
        piece.copyTo(data, held.length);
        return data;
    }

    private static int nextQuote(byte[] data, int from) {
        int at = from;
        while (at < data.length && data[at] != '"') {
            at++;
        }
        return at;
    }

    /** Returns where the target's name begins when the member begins here. */
    private int valueAt(byte[] data, int at) {
        int key = matched(data, at, KEY);
        if (key != KEY.length) {
            return at + key == data.length ? UNDECIDED : NO;
        }
        int colon = afterBlanks(data, at + KEY.length);
        if (colon == data.length) {
            return UNDECIDED;
        }
        if (data[colon] != ':') {
            return NO;
        }
        int value = afterBlanks(data, colon + 1);
        int matched = matched(data, value, target);
        if (matched == target.length) {
            return value;
        }
        return value + matched == data.length ? UNDECIDED : NO;
    }

    private static int matched(byte[] data, int at, byte[] wanted) {
        int most = Math.min(wanted.length, data.length - at);
        int mismatch = Arrays.mismatch(data, at, at + most, wanted, 0, most);
        return mismatch < 0 ? most : mismatch;
    }

    private static int afterBlanks(byte[] data, int from) {
        int at = from;
        while (at < data.length && at < from + MOST_BLANKS && data[at] == ' ') {
            at++;
        }
        return at;
    }
}

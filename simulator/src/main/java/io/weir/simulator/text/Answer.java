package io.weir.simulator.text;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** What a model is going to say, token by token. */
public final class Answer {

    /** Why an answer ended. */
    public enum Finish {
        /** The model had no more to say, or came to a stop string. */
        STOP,
        /** The client's or the model's limit of tokens. */
        LENGTH
    }

    private final byte[] utf8;
    private final int[] ends;
    private final Finish finish;

    private Answer(byte[] utf8, int[] ends, Finish finish) {
        this.utf8 = utf8;
        this.ends = ends;
        this.finish = finish;
    }

    /**
     * An answer of some text.
     *
     * @param utf8 the text; not to be changed afterwards
     * @param maxTokens where to cut it
     */
    public static Answer of(byte[] utf8, int maxTokens) {
        int[] ends = new int[utf8.length / 4 + 1];
        int count = 0;
        int at = 0;
        while (at < utf8.length && count < maxTokens) {
            at = Tokens.next(utf8, at);
            if (count == ends.length) {
                ends = Arrays.copyOf(ends, 2 * count);
            }
            ends[count++] = at;
        }
        Finish finish = at < utf8.length ? Finish.LENGTH : Finish.STOP;
        return new Answer(utf8, Arrays.copyOf(ends, count), finish);
    }

    /** Returns the same answer, cut by a limit even if there was nothing left to cut. */
    Answer endedByLimit() {
        return new Answer(utf8, ends, Finish.LENGTH);
    }

    /** Returns how many tokens it has. */
    public int tokens() {
        return ends.length;
    }

    /** Returns the bytes of which the first {@link #endOf} belong to the answer. */
    public byte[] utf8() {
        return utf8;
    }

    /** Returns where a token begins. */
    public int startOf(int token) {
        return token == 0 ? 0 : ends[token - 1];
    }

    /** Returns where a token ends. */
    public int endOf(int token) {
        return ends[token];
    }

    /** Returns the length of the whole answer in bytes. */
    public int length() {
        return ends.length == 0 ? 0 : ends[ends.length - 1];
    }

    /** Returns the whole text. */
    public String text() {
        return new String(utf8, 0, length(), StandardCharsets.UTF_8);
    }

    /** Returns why it ends. */
    public Finish finish() {
        return finish;
    }

    /** Hands its tokens to a sink. */
    public void encode(TokenSink sink) {
        Tokens.encode(length() == utf8.length ? utf8 : Arrays.copyOf(utf8, length()), sink);
    }
}

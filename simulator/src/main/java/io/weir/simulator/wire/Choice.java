package io.weir.simulator.wire;

import io.weir.simulator.text.Answer;

/** One of the answers of a {@link Completion}, and how far it has come. */
public final class Choice {

    private final int index;
    private final int promptTokens;
    private final Answer answer;
    private int generated;
    private int written;
    private int cachedTokens;
    byte[] framePrefix = {};

    /**
     * @param index its number among the answers
     * @param promptTokens tokens of its prompt
     * @param answer what it will be
     */
    public Choice(int index, int promptTokens, Answer answer) {
        this.index = index;
        this.promptTokens = promptTokens;
        this.answer = answer;
    }

    /** Tokens came out of the engine. */
    public void generated(int tokens, int cached) {
        generated = tokens;
        cachedTokens = cached;
    }

    /** Tokens were written to the client, up to and without this one. */
    public void written(int tokens) {
        written = tokens;
    }

    /** Returns its number among the answers. */
    public int index() {
        return index;
    }

    /** Returns what it will be. */
    public Answer answer() {
        return answer;
    }

    /** Returns how many tokens came out of the engine. */
    public int generated() {
        return generated;
    }

    /** Returns how many tokens were written to the client. */
    public int written() {
        return written;
    }

    /** Returns whether all tokens came out of the engine. */
    public boolean isGenerated() {
        return generated == answer.tokens();
    }

    /** Returns whether all tokens were written to the client. */
    public boolean isWritten() {
        return written == answer.tokens();
    }

    int promptTokens() {
        return promptTokens;
    }

    int cachedTokens() {
        return cachedTokens;
    }
}

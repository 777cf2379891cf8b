package io.weir.simulator.engine;

/** Hears of the tokens of one sequence, on the thread that drives the engine. */
@FunctionalInterface
public interface TokenListener {

    /**
     * Tokens came out of the model.
     *
     * @param task the sequence; {@link EngineTask#generatedTokens()} includes the new tokens
     * @param count how many, at least 1
     * @param last whether the sequence is complete and has left the engine
     */
    void onTokens(EngineTask task, int count, boolean last);

    /**
     * Returns whether every token is of interest. To a listener that answers no, an engine that
     * works in steps tells the first token and the last one only, and saves the time for the
     * others.
     */
    default boolean everyToken() {
        return true;
    }
}

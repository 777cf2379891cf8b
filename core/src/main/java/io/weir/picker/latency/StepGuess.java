package io.weir.picker.latency;

/**
 * What the steps of a server promised for a request when it was sent, to be judged when its first
 * token comes.
 *
 * @param ownMillis to the first token, by what is known of the server's own steps; NaN when nothing
 *     was known
 * @param poolMillis the same by what is known of all steps of the pool
 * @param byPool which of these was taken
 * @param otherMillis what was taken, if prompts took longer or less long into the server's queue
 * @param longer which of these
 * @param tokenMillis milliseconds per further token
 * @param lineTokenMillis the same as the line had it then
 */
public record StepGuess(
        double ownMillis,
        double poolMillis,
        boolean byPool,
        double otherMillis,
        boolean longer,
        double tokenMillis,
        double lineTokenMillis) {

    /** Nothing was known. */
    public static final StepGuess NONE =
            new StepGuess(Double.NaN, Double.NaN, false, Double.NaN, false, Double.NaN, Double.NaN);

    /** Returns whether anything was known. */
    boolean isMade() {
        return !Double.isNaN(ownMillis);
    }

    /** Returns what was taken. */
    double millis() {
        return byPool ? poolMillis : ownMillis;
    }
}

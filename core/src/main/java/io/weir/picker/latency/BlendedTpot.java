package io.weir.picker.latency;

/**
 * The mean of two predictions of the time per output token: the line's and the outlook's. They err
 * for different reasons, the former because it knows load as it was when what it learned from was
 * sent, the latter because servers do more than it knows of, so that the mean of both errs less
 * than either. Where the outlook is far off, the mean is, too: then it is left out.
 *
 * <p>One thread at a time learns, any predicts.
 */
final class BlendedTpot {

    /**
     * The line is taken only when it is clearly better: most of the time, the mean is by chance.
     */
    private static final double CLEARLY = 1.25;

    private static final double ERROR_TO_TRUST = 0.5;

    private final MedianError error = new MedianError();
    private final MedianError lineError = new MedianError();

    static double millis(double line, double outlook) {
        return (line + outlook) / 2;
    }

    /** Returns the median relative error of the latest predictions, about. */
    double error() {
        return error.median();
    }

    /** Returns whether the mean is to be preferred to the line alone. */
    boolean isPreferred() {
        double blended = error.median();
        return blended < ERROR_TO_TRUST && blended < CLEARLY * lineError.median();
    }

    /** Learns how good a guess was. */
    void learn(StepGuess guess, double measured) {
        if (guess.isMade()) {
            double line = guess.lineTokenMillis();
            error.learn(millis(line, guess.tokenMillis()), measured);
            lineError.learn(line, measured);
        }
    }
}

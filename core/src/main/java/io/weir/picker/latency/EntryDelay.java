package io.weir.picker.latency;

/**
 * Finds the time from sending a prompt to the server's queue: network, parsing, tokenizer. Nobody
 * ever sees it alone, but it decides which step takes a prompt. So two estimates are made of each
 * request's time to the first token: by the delay assumed so far, and by a longer or a shorter one
 * in turn. After some requests the delay moves half of the way to the one by which errors were
 * smaller; where none was, the next ones tried are nearer.
 *
 * <p>Written by one thread at a time, read by any.
 */
final class EntryDelay {

    private static final double FIRST_MILLIS = 10;
    private static final double LEAST_MILLIS = 0.2;
    private static final double MOST_MILLIS = 10_000;
    private static final double WIDEST = 0.5;
    private static final double NARROWEST = 0.05;
    private static final double NARROWER = 0.7;
    private static final double WIDER = 1.1;
    private static final double WORTH_MOVING = 0.005;
    private static final double LARGEST_ERROR = 1;
    private static final int REQUESTS = 48;

    private volatile double millis = FIRST_MILLIS;
    private volatile double width = WIDEST;
    private double errors;
    private double longerErrors;
    private double shorterErrors;
    private int requests;

    double millis() {
        return millis;
    }

    /** Returns a delay that may be better. */
    double other(boolean longer) {
        return millis * Math.exp(longer ? width : -width);
    }

    /**
     * Learns from a time to the first token.
     *
     * @param estimate by {@link #millis}
     * @param other by {@link #other}
     * @param longer by which other
     */
    void learn(double estimate, double other, boolean longer, double measured) {
        double error = error(estimate, measured);
        double more = error(other, measured) - error;
        errors += error;
        if (longer) {
            longerErrors += more;
        } else {
            shorterErrors += more;
        }
        if (++requests == REQUESTS) {
            move();
        }
    }

    private void move() {
        double best = Math.min(longerErrors, shorterErrors);
        if (best > -WORTH_MOVING * errors) {
            width = Math.max(NARROWEST, width * NARROWER);
        } else {
            double half = width / 2;
            double moved = millis * Math.exp(best == longerErrors ? half : -half);
            millis = Math.clamp(moved, LEAST_MILLIS, MOST_MILLIS);
            width = Math.min(WIDEST, width * WIDER);
        }
        errors = 0;
        longerErrors = 0;
        shorterErrors = 0;
        requests = 0;
    }

    /** Whoever takes minutes is missed by all alike, and one who takes no time must not decide. */
    private static double error(double estimate, double measured) {
        return Math.min(LARGEST_ERROR, Math.abs(estimate / measured - 1));
    }
}

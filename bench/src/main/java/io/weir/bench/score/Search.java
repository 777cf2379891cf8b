package io.weir.bench.score;

/**
 * Finds the highest rate at which a policy meets the limits for 99 % of the requests. Rates are on
 * a grid of steps of 2 %, so that policies that are equally good get equal results.
 */
final class Search {

    static final double WANTED = 0.99;

    private static final double STEP = 1.02;
    private static final int MOST_STEPS = 256;
    private static final int FIRST_LEAP = 4;
    private static final int SAMPLED_SESSIONS = 500;
    private static final double TOLERANCE = 1.2;

    private final Workload workload;
    private final Policy policy;
    private int place;

    Search(Workload workload, Policy policy) {
        this.workload = workload;
        this.policy = policy;
    }

    /** Returns sessions per second; the search begins at what was found for the seed before. */
    double highestRate(long seed) {
        double perSession = requestsPerSession(seed);
        int good = place;
        int bad = place;
        int leap = FIRST_LEAP;
        if (holds(place, seed, perSession)) {
            do {
                good = bad;
                bad = good + leap;
                leap *= 2;
            } while (bad < MOST_STEPS && holds(bad, seed, perSession));
        } else {
            do {
                bad = good;
                good = bad - leap;
                leap *= 2;
            } while (good > -MOST_STEPS && !holds(good, seed, perSession));
        }
        while (bad - good > 1) {
            int middle = (good + bad) >> 1;
            if (holds(middle, seed, perSession)) {
                good = middle;
            } else {
                bad = middle;
            }
        }
        place = good;
        return rate(good);
    }

    private boolean holds(int at, long seed, double perSession) {
        double expected = rate(at) * perSession * workload.seconds();
        long misses = (long) (10 + (1 - WANTED) * TOLERANCE * expected);
        return new Run(workload, policy, rate(at), seed, misses).run().attainment() >= WANTED;
    }

    private double rate(int at) {
        return Math.round(workload.rate() * Math.pow(STEP, at) * 1000) / 1000.0;
    }

    private double requestsPerSession(long seed) {
        Sessions sessions = workload.source().apply(seed);
        int requests = 0;
        for (int i = 0; i < SAMPLED_SESSIONS; i++) {
            requests += sessions.next().turns().size();
        }
        return (double) requests / SAMPLED_SESSIONS;
    }
}

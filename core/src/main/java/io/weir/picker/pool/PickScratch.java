package io.weir.picker.pool;

import io.weir.picker.plugin.PickContext;

import org.jspecify.annotations.Nullable;

/** Everything that a pick writes to on its way. Owned by one thread at a time. */
final class PickScratch {

    private final TieRandom random;
    private final PickContext context;
    private final Ranking ranking = new Ranking();
    private @Nullable Fallbacks fallbacks;
    private double[] totals = new double[0];
    private double[] scores = new double[0];

    PickScratch(long seed) {
        random = new TieRandom(seed);
        context = new PickContext(random);
    }

    TieRandom random() {
        return random;
    }

    PickContext context() {
        return context;
    }

    Ranking ranking() {
        return ranking;
    }

    void fallbacks(Fallbacks found) {
        fallbacks = found;
    }

    /** Returns where retries of the primary endpoint go, and forgets it. */
    Fallbacks takeFallbacks() {
        Fallbacks found = fallbacks;
        if (found == null) {
            throw new IllegalStateException("the primary profile did not run");
        }
        fallbacks = null;
        return found;
    }

    double[] totals() {
        return totals;
    }

    double[] scores() {
        return scores;
    }

    void ensureCapacity(int endpoints) {
        if (totals.length < endpoints) {
            totals = new double[endpoints];
            scores = new double[endpoints];
        }
    }
}

package io.weir.picker.builtin;

import io.weir.picker.plugin.PickContext;
import io.weir.picker.plugin.PrefixMatches;
import io.weir.picker.plugin.Scorer;
import io.weir.picker.prefix.PrefixSettings;

import java.util.Optional;

/**
 * {@code latency-scorer}: by how close predicted latencies come to what the request asks for.
 *
 * <p>Candidates that meet both latencies are scored and all others get 0; where none does, idle
 * ones are, then those that fail in one respect, then those that fail in both. Among these the
 * smaller distance to the limits is better ({@code least}, which keeps the fast servers free), or
 * the larger one ({@code most}); where all fail, always the smaller.
 *
 * <p>While there are no predictions the score is a weighted mean of free KV cache, short queue and
 * known prefix.
 */
final class LatencyScorer implements Scorer {

    private static final double NO_RANGE = 1e-9;

    private final double ttftWeight;
    private final double tpotWeight;
    private final boolean most;
    private final Composite composite;
    private final double sloBuffer;

    /** Which of the candidates are scored. */
    private enum Group {
        MEETS_BOTH,
        IDLE,
        FAILS_TPOT,
        FAILS_TTFT,
        FAILS_BOTH
    }

    /** Weights of what is looked at while nothing can be predicted. */
    record Composite(double kvCache, double queue, double prefix) {

        static final Composite EQUAL = new Composite(1, 1, 1);

        /**
         * Returns the weights so that they add up to 1; all of it on the KV cache when all are 0.
         */
        Composite normalised() {
            double sum = kvCache + queue + prefix;
            return sum <= 0
                    ? new Composite(1, 0, 0)
                    : new Composite(kvCache / sum, queue / sum, prefix / sum);
        }
    }

    LatencyScorer(
            double ttftWeight,
            double tpotWeight,
            boolean most,
            Composite composite,
            double sloBuffer) {
        this.ttftWeight = ttftWeight;
        this.tpotWeight = tpotWeight;
        this.most = most;
        this.composite = composite.normalised();
        this.sloBuffer = sloBuffer;
    }

    @Override
    public void score(PickContext context, double[] scores) {
        if (context.latencies().areKnown()) {
            scoreByLatency(context, scores);
        } else {
            scoreByState(context, scores);
        }
    }

    @Override
    public Optional<PrefixSettings> prefixSettings() {
        return Optional.of(PrefixSettings.DEFAULT);
    }

    @Override
    public boolean predictsLatency() {
        return true;
    }

    private void scoreByLatency(PickContext context, double[] scores) {
        Slo slo = Slo.of(context.request(), sloBuffer);
        Group best = bestGroup(context, slo);
        Range ttft = new Range();
        Range tpot = new Range();
        for (int i = 0; i < context.size(); i++) {
            if (isIn(best, context, i, slo)) {
                ttft.add(Math.abs(slo.ttftHeadroom(context, i)));
                tpot.add(Math.abs(slo.tpotHeadroom(context, i)));
            }
        }
        double alpha = ttft.isEmpty() && !tpot.isEmpty() ? 0 : ttftWeight;
        double beta = tpot.isEmpty() && !ttft.isEmpty() ? 0 : tpotWeight;
        boolean farther = most && best == Group.MEETS_BOTH;
        for (int i = 0; i < context.size(); i++) {
            if (!isIn(best, context, i, slo)) {
                scores[i] = 0;
                continue;
            }
            double distance =
                    mean(
                            alpha,
                            ttft.share(slo.ttftHeadroom(context, i)),
                            beta,
                            tpot.share(slo.tpotHeadroom(context, i)));
            scores[i] = hundredths(farther ? distance : 1 - distance);
        }
    }

    private static double mean(double alpha, double first, double beta, double second) {
        double sum = alpha + beta;
        return sum <= 0 ? 0.5 : (alpha * first + beta * second) / sum;
    }

    /** Never 0, which is for those that are not scored. */
    private static double hundredths(double value) {
        return Math.min(1, (Math.floor(value * 100) + 1) / 100);
    }

    private static Group bestGroup(PickContext context, Slo slo) {
        Group best = Group.FAILS_BOTH;
        for (int i = 0; i < context.size(); i++) {
            Group group = group(context, i, slo);
            if (group != Group.MEETS_BOTH && isIdle(context, i)) {
                group = Group.IDLE;
            }
            if (group.compareTo(best) < 0) {
                best = group;
            }
        }
        return best;
    }

    private static boolean isIn(Group wanted, PickContext context, int position, Slo slo) {
        return wanted == Group.IDLE
                ? isIdle(context, position)
                : group(context, position, slo) == wanted;
    }

    private static Group group(PickContext context, int position, Slo slo) {
        boolean meetsTtft = slo.ttftHeadroom(context, position) >= 0;
        boolean meetsTpot = slo.tpotHeadroom(context, position) >= 0;
        if (meetsTtft) {
            return meetsTpot ? Group.MEETS_BOTH : Group.FAILS_TPOT;
        }
        return meetsTpot ? Group.FAILS_TTFT : Group.FAILS_BOTH;
    }

    private static boolean isIdle(PickContext context, int position) {
        return context.inFlightRequests(position) == 0;
    }

    private void scoreByState(PickContext context, double[] scores) {
        int longest = 0;
        for (int i = 0; i < context.size(); i++) {
            longest = Math.max(longest, context.waitingRequests(i));
        }
        PrefixMatches prefixes = context.prefixes();
        int blocks = prefixes.totalBlocks();
        for (int i = 0; i < context.size(); i++) {
            double queue =
                    longest == 0 ? 1 : (double) (longest - context.waitingRequests(i)) / longest;
            double known =
                    blocks == 0 ? 0 : (double) prefixes.matchedBlocks(context.index(i)) / blocks;
            double sum =
                    composite.kvCache() * (1 - context.endpoint(i).kvCacheUsage())
                            + composite.queue() * queue
                            + composite.prefix() * known;
            scores[i] = Math.round(sum * 100) / 100.0;
        }
    }

    /** The smallest and the largest of some distances. */
    private static final class Range {

        private double least = Double.POSITIVE_INFINITY;
        private double most = Double.NEGATIVE_INFINITY;

        void add(double distance) {
            least = Math.min(least, distance);
            most = Math.max(most, distance);
        }

        boolean isEmpty() {
            return most - least <= NO_RANGE;
        }

        /** Returns where a headroom's distance lies between the two, 0..1. */
        double share(double headroom) {
            return isEmpty() ? 0.5 : (Math.abs(headroom) - least) / (most - least);
        }
    }
}

package io.weir.picker.latency;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.TimeUnit;
import java.util.function.DoubleConsumer;

/**
 * How one server differs from the others of its pool: by which factor it is slower, how much prompt
 * came to it lately, and what it has before it. Written by any thread; writes that meet may lose
 * one another, which only slows the mean down.
 */
public final class ServerPace {

    private static final double RATE_WINDOW_SECONDS = 5;

    private final Slowness firstToken = new Slowness(_ -> {});
    private final Slowness typicalFirstToken = new Slowness(_ -> {});
    private final Slowness perToken;
    private final Slowness steps = Slowness.ofCleanSamples();
    private final ServerWork work = new ServerWork();
    private volatile @Nullable StepTimes stepTimes;
    private volatile double tokensPerSecond;
    private volatile long rateNanos;

    /** By which factor a server is slower than its pool, in one respect. */
    public static final class Slowness {

        private static final double LEAST_STEP = 0.02;

        private final int hesitation;
        // Weights and factors could drift against each other: what all servers share shall be in
        // the weights.
        private final double leak;
        private final DoubleConsumer told;
        private int samples;
        private double log;
        private volatile double factor = 1;

        Slowness(DoubleConsumer told) {
            this(10, 0.999, told);
        }

        private Slowness(int hesitation, double leak, DoubleConsumer told) {
            this.hesitation = hesitation;
            this.leak = leak;
            this.told = told;
        }

        /**
         * Returns one for ratios that scatter little, which is soon right: weights that are learned
         * meanwhile would have to tell a slow server by its load.
         */
        static Slowness ofCleanSamples() {
            return new Slowness(2, 0.9998, _ -> {});
        }

        /** Returns the factor; 1 for a server like the others. */
        public double factor() {
            return factor;
        }

        /** Learns from the ratio of what was measured and what was predicted, this included. */
        void learn(double ratio) {
            samples++;
            double step = Math.max(LEAST_STEP, 1.0 / (samples + hesitation));
            log = leak * (log + step * Math.clamp(Math.log(ratio), -1, 1));
            factor = Math.exp(log);
            told.accept(factor);
        }
    }

    public ServerPace() {
        this(_ -> {});
    }

    /**
     * @param perTokenTold is told of every change of {@link #perToken}'s factor
     */
    public ServerPace(DoubleConsumer perTokenTold) {
        perToken = new Slowness(perTokenTold);
    }

    Slowness firstToken() {
        return firstToken;
    }

    Slowness typicalFirstToken() {
        return typicalFirstToken;
    }

    /** Returns by which factor the server's tokens come more slowly than those of its pool. */
    public Slowness perToken() {
        return perToken;
    }

    /** Returns by which factor the server's steps take longer. */
    Slowness steps() {
        return steps;
    }

    /** Returns how long the server's own steps take; null while that is not known. */
    @Nullable StepTimes stepTimes() {
        return stepTimes;
    }

    void stepTimes(StepTimes times) {
        stepTimes = times;
    }

    /** Returns what the server has before it. */
    public ServerWork work() {
        return work;
    }

    /** Notes that a prompt was sent. */
    public void sent(long uncachedTokens, long nowNanos) {
        tokensPerSecond = tokensPerSecond(nowNanos) + uncachedTokens / RATE_WINDOW_SECONDS;
        rateNanos = nowNanos;
    }

    /** Returns prompt tokens per second that were sent in the last seconds. */
    public double tokensPerSecond(long nowNanos) {
        double rate = tokensPerSecond;
        if (rate == 0) {
            return 0;
        }
        double elapsed = (double) (nowNanos - rateNanos) / TimeUnit.SECONDS.toNanos(1);
        return rate * Math.exp(-Math.max(0, elapsed) / RATE_WINDOW_SECONDS);
    }
}

package io.weir.bench.score;

import java.util.SplittableRandom;

/** Numbers of the distributions that traffic has. */
final class Draw {

    private final SplittableRandom random;

    /**
     * Returns a stream of its own.
     *
     * @param seed seed of the run
     * @param stream what the numbers are for, so that more of one kind leave the others as they are
     */
    Draw(long seed, int stream) {
        random = new SplittableRandom(Text.mix(seed * 1_000_003 + stream));
    }

    /** Returns the identity of a text that nobody had before. */
    long content() {
        return random.nextLong();
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    double uniform(double from, double to) {
        return random.nextDouble(from, to);
    }

    /** Returns e to the power of a normal number. */
    double lognormal(double mu, double sigma) {
        return Math.exp(mu + sigma * random.nextGaussian());
    }

    int lognormal(double mu, double sigma, int least, int most) {
        return Math.clamp(Math.round(lognormal(mu, sigma)), least, most);
    }

    /** Returns a lognormal number of a given mean and standard deviation, within bounds. */
    int ofMean(double mean, double deviation, int least, int most) {
        double variance = Math.log1p(deviation * deviation / (mean * mean));
        return lognormal(Math.log(mean) - variance / 2, Math.sqrt(variance), least, most);
    }

    int normal(double mean, double deviation, int least, int most) {
        double value = mean + deviation * random.nextGaussian();
        return Math.clamp(Math.round(value), least, most);
    }

    /** Returns the time to the next of events that come one per unit, independent of each other. */
    double gap() {
        return random.nextExponential();
    }

    /**
     * Returns the time to the next of events that come one per unit in bursts.
     *
     * @param variation standard deviation of the times, 1 for independent events
     */
    double gap(double variation) {
        double shape = 1 / (variation * variation);
        return gamma(shape) / shape;
    }

    /** Returns a place below {@code weights.length}, each with its share of the weights. */
    int weighted(double[] weights) {
        double sum = 0;
        for (double weight : weights) {
            sum += weight;
        }
        double left = random.nextDouble() * sum;
        for (int i = 0; i < weights.length - 1; i++) {
            left -= weights[i];
            if (left < 0) {
                return i;
            }
        }
        return weights.length - 1;
    }

    /** Marsaglia and Tsang's method. */
    private double gamma(double shape) {
        if (shape < 1) {
            return gamma(shape + 1) * Math.pow(random.nextDouble(), 1 / shape);
        }
        double d = shape - 1.0 / 3;
        double c = 1 / Math.sqrt(9 * d);
        while (true) {
            double x = random.nextGaussian();
            double v = 1 + c * x;
            v = v * v * v;
            if (v > 0
                    && Math.log(1 - random.nextDouble())
                            < x * x / 2 + d - d * v + d * Math.log(v)) {
                return d * v;
            }
        }
    }
}

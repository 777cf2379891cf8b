package io.weir.bench.score;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * How much better one policy is than another over the same seeds.
 *
 * @param ratio geometric mean of the ratios of each seed
 * @param low lower end of its 95 % interval
 * @param high upper end of that interval
 */
record Comparison(double ratio, double low, double high) {

    private static final int RESAMPLES = 2000;

    /**
     * Compares values of the same seeds.
     *
     * @param values of the one policy, by seed
     * @param base of the other
     */
    static Comparison of(double[] values, double[] base) {
        double[] logs = new double[values.length];
        for (int i = 0; i < logs.length; i++) {
            logs[i] = Math.log(values[i] / base[i]);
        }
        var random = new SplittableRandom(1);
        double[] means = new double[RESAMPLES];
        for (int r = 0; r < RESAMPLES; r++) {
            double sum = 0;
            for (int i = 0; i < logs.length; i++) {
                sum += logs[random.nextInt(logs.length)];
            }
            means[r] = sum / logs.length;
        }
        Arrays.sort(means);
        double mean = Arrays.stream(logs).average().orElse(0);
        return new Comparison(
                Math.exp(mean),
                Math.exp(means[RESAMPLES / 40]),
                Math.exp(means[RESAMPLES - 1 - RESAMPLES / 40]));
    }

    /** Returns whether it is better by 5 % at least, and not by chance. */
    boolean isWin() {
        return ratio >= 1.05 && low > 1;
    }

    /** Returns whether it is worse, and not by chance. */
    boolean isLoss() {
        return high < 1;
    }
}

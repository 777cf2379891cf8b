package io.weir.picker.builtin;

import io.weir.picker.PickResult.Reason;
import io.weir.picker.PickResult.Refused;
import io.weir.picker.plugin.Admitter;
import io.weir.picker.plugin.PickContext;

import org.jspecify.annotations.Nullable;

/**
 * {@code probabilistic-admitter}: refuses requests of negative priority with a probability that
 * grows with the saturation, {@code min(1, k * saturation ^ power)}.
 *
 * @param fullness says how full each server is
 * @param power the exponent
 * @param k the factor
 */
record ProbabilisticAdmitter(UtilizationDetector fullness, double power, double k)
        implements Admitter {

    @Override
    public @Nullable Refused refusal(PickContext context) {
        if (context.request().priority() >= 0) {
            return null;
        }
        double probability = probability(fullness.saturation(context));
        return context.random().nextDouble() < probability
                ? new Refused(Reason.SHED, "request cannot be admitted: system is too busy", 1)
                : null;
    }

    /** Returns the probability of a refusal. */
    double probability(double saturation) {
        return Math.min(1, k * Math.pow(saturation, power));
    }
}

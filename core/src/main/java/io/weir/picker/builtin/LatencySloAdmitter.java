package io.weir.picker.builtin;

import io.weir.picker.PickResult.Reason;
import io.weir.picker.PickResult.Refused;
import io.weir.picker.plugin.Admitter;
import io.weir.picker.plugin.PickContext;

import org.jspecify.annotations.Nullable;

/**
 * {@code latency-slo-admitter}: refuses requests of negative priority when no server is expected to
 * keep the latencies that they ask for, none is idle, and none has an empty cache, which would say
 * that it has just begun.
 */
record LatencySloAdmitter(double sloBuffer) implements Admitter {

    private static final double EMPTY_KV_CACHE = 0.02;

    @Override
    public @Nullable Refused refusal(PickContext context) {
        if (context.request().priority() >= 0 || !context.latencies().areKnown()) {
            return null;
        }
        Slo slo = Slo.of(context.request(), sloBuffer);
        if (!slo.isGiven()) {
            return null;
        }
        for (int i = 0; i < context.size(); i++) {
            if (slo.isMet(context, i) || isFree(context, i)) {
                return null;
            }
        }
        return new Refused(Reason.SHED, "no endpoint is expected to keep the wanted latency", 1);
    }

    @Override
    public boolean predictsLatency() {
        return true;
    }

    private static boolean isFree(PickContext context, int position) {
        return context.runningRequests(position) == 0
                || context.endpoint(position).kvCacheUsage() < EMPTY_KV_CACHE;
    }
}

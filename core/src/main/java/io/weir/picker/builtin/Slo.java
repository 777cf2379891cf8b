package io.weir.picker.builtin;

import io.weir.picker.PickRequest;
import io.weir.picker.RequestHeaders;
import io.weir.picker.plugin.LatencyPredictions;
import io.weir.picker.plugin.PickContext;

import org.jspecify.annotations.Nullable;

/**
 * The latencies that a request asks for, and how far candidates stay below them. Nine of ten
 * requests are meant to keep them, so predictions for nine of ten are compared.
 *
 * @param ttftMillis milliseconds to the first token; 0 when not asked for
 * @param tpotMillis milliseconds per further token; 0 when not asked for
 */
record Slo(double ttftMillis, double tpotMillis) {

    private static final String TTFT = "x-llm-d-slo-ttft-ms";
    private static final String TTFT_FORMERLY = "x-slo-ttft-ms";
    private static final String TPOT = "x-llm-d-slo-tpot-ms";
    private static final String TPOT_FORMERLY = "x-slo-tpot-ms";

    /**
     * Returns what a request asks for; values that are no positive number count as none.
     *
     * @param buffer factor by which the time per token is taken; below 1 leaves a margin
     */
    static Slo of(PickRequest request, double buffer) {
        RequestHeaders headers = request.details().headers();
        return new Slo(
                millis(headers, TTFT, TTFT_FORMERLY),
                buffer * millis(headers, TPOT, TPOT_FORMERLY));
    }

    /** Returns whether some latency is asked for. */
    boolean isGiven() {
        return ttftMillis > 0 || tpotMillis > 0;
    }

    /**
     * Returns how far a candidate's time to the first token lies below the limit. Who asks for the
     * other latency only does not mind; who asks for none gets the negative of the time, so that
     * the fastest comes out best.
     */
    double ttftHeadroom(PickContext context, int position) {
        if (ttftMillis == 0 && tpotMillis > 0) {
            return 0;
        }
        return ttftMillis - context.latencies().ttftMillisOfMany(position);
    }

    /** Returns the same for the time per token; 0 where it can't be told, as for whole answers. */
    double tpotHeadroom(PickContext context, int position) {
        LatencyPredictions latencies = context.latencies();
        boolean unasked = tpotMillis == 0 && ttftMillis > 0;
        if (unasked || !latencies.isTpotKnown() || !context.request().details().streamed()) {
            return 0;
        }
        return tpotMillis - latencies.tpotMillisOfMany(position);
    }

    /** Returns whether a candidate is expected to keep both latencies. */
    boolean isMet(PickContext context, int position) {
        return ttftHeadroom(context, position) >= 0 && tpotHeadroom(context, position) >= 0;
    }

    private static double millis(RequestHeaders headers, String name, String formerName) {
        String value = headers.get(name);
        return parsed(value != null ? value : headers.get(formerName));
    }

    private static double parsed(@Nullable String value) {
        if (value == null) {
            return 0;
        }
        try {
            double millis = Double.parseDouble(value);
            return millis > 0 && millis < Double.POSITIVE_INFINITY ? millis : 0;
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}

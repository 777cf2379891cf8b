package io.weir.picker.builtin;

import io.weir.picker.PickRequest;
import io.weir.picker.RequestHeaders;
import io.weir.picker.plugin.LatencyPredictions;
import io.weir.picker.plugin.PickContext;

import org.jspecify.annotations.Nullable;

/**
 * The latencies that a request asks for, and how far a candidate stays below them. Nine of ten
 * requests are meant to keep them, so predictions for nine of ten are compared.
 */
final class Slo {

    private static final String TTFT = "x-llm-d-slo-ttft-ms";
    private static final String TTFT_FORMERLY = "x-slo-ttft-ms";
    private static final String TPOT = "x-llm-d-slo-tpot-ms";
    private static final String TPOT_FORMERLY = "x-slo-tpot-ms";

    private Slo() {}

    /** Returns whether a request asks for a latency. */
    static boolean isGiven(PickRequest request) {
        return ttftMillis(request) > 0 || tpotMillis(request) > 0;
    }

    /** Returns the milliseconds to the first token that a request asks for; 0 for none. */
    static double ttftMillis(PickRequest request) {
        return millis(request, TTFT, TTFT_FORMERLY);
    }

    /** Returns the milliseconds per further token that a request asks for; 0 for none. */
    static double tpotMillis(PickRequest request) {
        return millis(request, TPOT, TPOT_FORMERLY);
    }

    /** Returns how far the time to the first token lies below a limit; without one, below zero. */
    static double ttftHeadroom(PickContext context, int position, double limitMillis) {
        return limitMillis - context.latencies().ttftMillisOfMany(position);
    }

    /** Returns the same for the time per token; 0 where that can't be told, as for whole answers. */
    static double tpotHeadroom(PickContext context, int position, double limitMillis) {
        LatencyPredictions latencies = context.latencies();
        if (!latencies.isTpotKnown() || !context.request().details().streamed()) {
            return 0;
        }
        return limitMillis - latencies.tpotMillisOfMany(position);
    }

    private static double millis(PickRequest request, String name, String formerName) {
        RequestHeaders headers = request.details().headers();
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

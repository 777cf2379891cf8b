package io.weir.picker.builtin;

import io.weir.picker.plugin.PickContext;
import io.weir.picker.plugin.Scorer;
import io.weir.picker.state.InFlight;

/**
 * Scores by the work before the request's first token, in tokens of prefill: prompts that are not
 * answered yet, the request's own prompt, and a small charge for every request that shares the
 * server.
 *
 * <p>The score is {@code S / (S + work)}, which keeps the order of any amount of work.
 */
final class ExpectedWorkScorer implements Scorer {

    private static final double SCALE_TOKENS = 8192;
    private static final double TOKENS_PER_REQUEST = 32;

    @Override
    public void score(PickContext context, double[] scores) {
        for (int i = 0; i < context.size(); i++) {
            scores[i] = SCALE_TOKENS / (SCALE_TOKENS + work(context, i));
        }
    }

    private static double work(PickContext context, int position) {
        InFlight load = context.endpoint(position).inFlight();
        return Math.max(0, load.prefillTokens())
                + TOKENS_PER_REQUEST * context.inFlightRequests(position);
    }
}

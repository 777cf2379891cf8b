package com.example.weir;

import io.weir.picker.plugin.PickContext;
import io.weir.picker.plugin.Scorer;

/**
 * Prefers servers that cost less.
 *
 * @param label label of the Pod that says what an hour costs
 * @param most price that scores 0; so does a server without a price
 */
record PriceScorer(String label, double most) implements Scorer {

    @Override
    public void score(PickContext context, double[] scores) {
        for (int i = 0; i < context.size(); i++) {
            String price = context.endpoint(i).endpoint().labels().get(label);
            scores[i] = price == null ? 0 : 1 - Double.parseDouble(price) / most;
        }
    }

    /** The servers need not be asked for their metrics often just for this. */
    @Override
    public boolean readsServerLoad() {
        return false;
    }
}

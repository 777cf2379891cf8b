package io.weir.picker.builtin;

import io.weir.picker.plugin.Filter;
import io.weir.picker.plugin.PickContext;

/**
 * {@code low-queue-filter}: keeps servers whose queue is not longer than a threshold.
 *
 * @param threshold requests in the queue
 */
record LowQueueFilter(int threshold) implements Filter {

    @Override
    public void filter(PickContext context) {
        for (int i = 0; i < context.size(); i++) {
            if (context.waitingRequests(i) <= threshold) {
                context.keep(i);
            }
        }
    }
}

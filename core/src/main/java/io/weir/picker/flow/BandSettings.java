package io.weir.picker.flow;

import io.weir.picker.flow.FlowPolicy.Fairness;
import io.weir.picker.flow.FlowPolicy.Ordering;

/**
 * How one priority band is kept.
 *
 * @param maxBytes most bytes of waiting bodies; 0 for no limit
 * @param maxRequests most waiting requests; 0 for no limit
 * @param fairness which flow is next
 * @param ordering which request of a flow is next
 */
public record BandSettings(long maxBytes, long maxRequests, Fairness fairness, Ordering ordering) {

    /** A gigabyte, 5,000 requests, first come first served over all flows. */
    public static final BandSettings DEFAULT =
            new BandSettings(
                    1_000_000_000, 5_000, new Fairness.GlobalStrict(), new Ordering.FirstCome());

    public BandSettings {
        requireNotNegative("maxBytes", maxBytes);
        requireNotNegative("maxRequests", maxRequests);
    }

    static void requireNotNegative(String field, long value) {
        if (value < 0) {
            throw new IllegalArgumentException(field + ": " + value + " (expected: >= 0)");
        }
    }
}

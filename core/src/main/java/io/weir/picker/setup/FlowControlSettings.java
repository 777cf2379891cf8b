package io.weir.picker.setup;

import io.weir.picker.plugin.FlowPolicy;

import java.time.Duration;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How requests of a pool wait for their turn.
 *
 * @param enabled whether they do; else only requests that may be dropped are refused, when the pool
 *     is saturated
 * @param maxBytes most bytes of bodies that wait; 0 for no limit
 * @param maxRequests most requests that wait; 0 for no limit
 * @param requestTtl how long a request waits while there are endpoints; zero for any time
 * @param noEndpointRequestTtl how long a request waits while there is none; zero for any time
 * @param defaultBand limits and policies of priorities of 0 and more that have no band of their own
 * @param defaultNegativeBand the same of negative priorities
 * @param bands limits and policies by priority
 * @param usageLimit how full the pool may be for each band
 * @param eviction whether requests in flight may be broken off for more important ones
 */
public record FlowControlSettings(
        boolean enabled,
        long maxBytes,
        long maxRequests,
        Duration requestTtl,
        Duration noEndpointRequestTtl,
        Band defaultBand,
        Band defaultNegativeBand,
        SortedMap<Integer, Band> bands,
        FlowPolicy.UsageLimit usageLimit,
        boolean eviction) {

    /** How long a request waits when nobody says. */
    public static final Duration DEFAULT_TTL = Duration.ofSeconds(60);

    /** No queues. */
    public static final FlowControlSettings OFF =
            new FlowControlSettings(
                    false,
                    0,
                    0,
                    DEFAULT_TTL,
                    DEFAULT_TTL,
                    Band.DEFAULT,
                    Band.DEFAULT,
                    new TreeMap<>(),
                    new FlowPolicy.UsageLimit.Fixed(1),
                    false);

    public FlowControlSettings {
        bands = Collections.unmodifiableSortedMap(new TreeMap<>(bands));
    }

    /** Returns the band of a priority. */
    public Band band(int priority) {
        return bands.getOrDefault(priority, priority < 0 ? defaultNegativeBand : defaultBand);
    }

    /**
     * A priority's share of the queue.
     *
     * @param maxBytes most bytes of bodies that wait
     * @param maxRequests most requests that wait
     * @param fairness which flow is next
     * @param ordering which request of a flow is next
     */
    public record Band(
            long maxBytes,
            long maxRequests,
            FlowPolicy.Fairness fairness,
            FlowPolicy.Ordering ordering) {

        /** A gigabyte, 5,000 requests, first come first served. */
        public static final Band DEFAULT =
                new Band(
                        1_000_000_000,
                        5_000,
                        new FlowPolicy.Fairness.GlobalStrict(),
                        new FlowPolicy.Ordering.FirstCome());
    }
}

package io.weir.picker.flow;

import io.weir.picker.flow.FlowPolicy.UsageLimit;

import java.time.Duration;
import java.util.Map;

/**
 * How requests wait in front of a pool.
 *
 * @param maxBytes most bytes of waiting bodies in all bands; 0 for no limit
 * @param maxRequests most waiting requests in all bands; 0 for no limit
 * @param requestTtl how long a request may wait while there are endpoints; zero for no limit
 * @param noEndpointRequestTtl how long while there are none; zero for no limit
 * @param defaultBand bands of priorities that have none of their own
 * @param defaultNegativeBand the same for negative priorities
 * @param bands bands by priority
 * @param usageLimit how full the pool may be for each band
 * @param evictsInFlight whether running requests of negative priority may be broken off for waiting
 *     ones that are more important
 * @param shedsNegative whether requests of negative priority are refused rather than made to wait
 */
public record FlowSettings(
        long maxBytes,
        long maxRequests,
        Duration requestTtl,
        Duration noEndpointRequestTtl,
        BandSettings defaultBand,
        BandSettings defaultNegativeBand,
        Map<Integer, BandSettings> bands,
        UsageLimit usageLimit,
        boolean evictsInFlight,
        boolean shedsNegative) {

    private static final Duration TTL = Duration.ofSeconds(60);

    /** What holds when nothing is configured but that there is flow control. */
    public static final FlowSettings DEFAULT =
            new FlowSettings(
                    0,
                    0,
                    TTL,
                    TTL,
                    BandSettings.DEFAULT,
                    BandSettings.DEFAULT,
                    Map.of(),
                    new UsageLimit.Fixed(1),
                    false,
                    false);

    public FlowSettings {
        BandSettings.requireNotNegative("maxBytes", maxBytes);
        BandSettings.requireNotNegative("maxRequests", maxRequests);
        BandSettings.requireNotNegative("defaultRequestTTL", requestTtl.toNanos());
        BandSettings.requireNotNegative("noEndpointRequestTTL", noEndpointRequestTtl.toNanos());
        bands = Map.copyOf(bands);
    }

    /** Returns how the band of a priority is kept. */
    public BandSettings band(int priority) {
        BandSettings own = bands.get(priority);
        if (own != null) {
            return own;
        }
        return priority < 0 ? defaultNegativeBand : defaultBand;
    }
}

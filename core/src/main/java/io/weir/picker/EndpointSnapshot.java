package io.weir.picker;

import java.util.List;
import java.util.Set;

/**
 * What is known of an endpoint at one moment.
 *
 * @param endpoint the endpoint
 * @param inFlightRequests requests that this process sent and that are not answered yet
 * @param inFlightTokens estimated prompt and answer tokens of those requests
 * @param waitingRequests scraped queue length; -1 when never scraped
 * @param runningRequests scraped running requests; -1 when never scraped
 * @param kvCacheUsage scraped use of the KV cache, 0..1; NaN when never scraped
 * @param models models that the server says it serves; empty when unknown
 * @param activeAdapters LoRA adapters in use on the server
 * @param waitingAdapters LoRA adapters with requests in the server's queue
 * @param maxAdapters most adapters at once; 0 when unknown
 * @param scrapeAgeMillis age of the scraped values; -1 when never scraped
 * @param healthy whether the last attempts to reach it succeeded
 */
public record EndpointSnapshot(
        Endpoint endpoint,
        int inFlightRequests,
        long inFlightTokens,
        int waitingRequests,
        int runningRequests,
        double kvCacheUsage,
        List<ServedModel> models,
        Set<String> activeAdapters,
        Set<String> waitingAdapters,
        int maxAdapters,
        long scrapeAgeMillis,
        boolean healthy) {

    public EndpointSnapshot {
        models = List.copyOf(models);
        activeAdapters = Set.copyOf(activeAdapters);
        waitingAdapters = Set.copyOf(waitingAdapters);
    }

    /**
     * A model that a server serves.
     *
     * @param id name that clients ask for
     * @param parent base model of an adapter; empty for base models
     */
    public record ServedModel(String id, String parent) {}
}

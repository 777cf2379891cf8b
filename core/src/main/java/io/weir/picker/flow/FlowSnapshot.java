package io.weir.picker.flow;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Who waits in front of a pool at one moment.
 *
 * @param on whether there is flow control
 * @param saturation the pool's saturation
 * @param total places of all bands together
 * @param bands bands by descending priority
 * @param evictions what was broken off; null when nothing may be
 */
public record FlowSnapshot(
        boolean on,
        double saturation,
        Use total,
        List<OfBand> bands,
        @Nullable Evictions evictions) {

    /** Nobody waits, as there is no flow control. */
    public static final FlowSnapshot OFF =
            new FlowSnapshot(false, 0, new Use(0, 0, 0, 0), List.of(), null);

    /**
     * How much of a limit is in use.
     *
     * @param requests waiting requests
     * @param bytes bytes of their bodies
     * @param maxRequests most requests; 0 for no limit
     * @param maxBytes most bytes; 0 for no limit
     */
    public record Use(long requests, long bytes, long maxRequests, long maxBytes) {}

    /**
     * A band.
     *
     * @param priority its priority
     * @param use its places
     * @param outcomes what became of its requests so far
     * @param flows who waits in it
     * @param evictions how many running requests were told to end for its own so far
     */
    public record OfBand(
            int priority,
            Use use,
            Map<Outcome, Long> outcomes,
            List<OfFlow> flows,
            long evictions) {}

    /**
     * A flow.
     *
     * @param fairnessId whose requests they are
     * @param requests waiting requests
     * @param bytes bytes of their bodies
     */
    public record OfFlow(String fairnessId, int requests, long bytes) {}

    /**
     * What came of telling running requests to end.
     *
     * @param confirmed how many have ended so far
     * @param timedOut how many were not waited for any longer
     * @param target how much too full the pool was when somebody was last told, in saturation
     * @param pending what those that were told last held, until it has vanished from the saturation
     */
    public record Evictions(long confirmed, long timedOut, double target, double pending) {}

    static OfBand of(Band band) {
        Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
        for (Outcome outcome : Outcome.values()) {
            outcomes.put(outcome, band.counted(outcome));
        }
        List<OfFlow> flows = new ArrayList<>();
        for (Flow flow : band.flows()) {
            flows.add(new OfFlow(flow.fairnessId(), flow.requests(), flow.bytes()));
        }
        return new OfBand(
                band.priority(),
                use(band.places()),
                outcomes,
                List.copyOf(flows),
                band.evictions());
    }

    static Use use(Places places) {
        return new Use(places.requests(), places.bytes(), places.maxRequests(), places.maxBytes());
    }
}

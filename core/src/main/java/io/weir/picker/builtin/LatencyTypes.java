package io.weir.picker.builtin;

import io.weir.picker.plugin.Inherent;
import io.weir.picker.plugin.Plugin;
import io.weir.picker.plugin.PluginException;
import io.weir.picker.plugin.PluginFactory;
import io.weir.picker.plugin.PluginParameters;

import java.util.Map;

/** The plugin types that judge by predicted latencies. */
final class LatencyTypes {

    private static final int MAX_INT = Integer.MAX_VALUE;

    private LatencyTypes() {}

    static void addTo(Map<String, PluginFactory> factories) {
        factories.put("latency-scorer", (p, _) -> scorer(p));
        factories.put(
                "slo-headroom-tier-filter",
                (p, _) -> new SloHeadroomTierFilter(p.number("epsilonExploreNeg", 0.01, 0, 1)));
        factories.put("latency-slo-admitter", (p, _) -> admitter(p));
        // Every pool learns as soon as some plugin wants to know.
        factories.put(
                "predicted-latency-producer", (_, _) -> new Inherent("predicted-latency-producer"));
    }

    private static Plugin scorer(PluginParameters p) {
        p.ignore(
                "latencyPredictionInfoProducerName",
                "prefixMatchInfoProducerName",
                "inFlightLoadProducerName");
        return new LatencyScorer(
                p.number("ttftWeight", 0.8, 0, MAX_INT),
                p.number("tpotWeight", 0.2, 0, MAX_INT),
                isMost(p),
                new LatencyScorer.Composite(
                        p.number("compositeKVWeight", 1, 0, MAX_INT),
                        p.number("compositeQueueWeight", 1, 0, MAX_INT),
                        p.number("compositePrefixWeight", 1, 0, MAX_INT)));
    }

    private static Plugin admitter(PluginParameters p) {
        p.ignore("latencyPredictionInfoProducerName");
        return new LatencySloAdmitter();
    }

    private static boolean isMost(PluginParameters p) {
        String strategy = p.text("headroomSelectionStrategy").orElse("least");
        return switch (strategy) {
            case "least" -> false;
            case "most" -> true;
            default ->
                    throw PluginException.on(
                            p.field("headroomSelectionStrategy"),
                            strategy + " (expected: least or most)");
        };
    }
}

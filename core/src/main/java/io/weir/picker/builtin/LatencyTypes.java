package io.weir.picker.builtin;

import io.weir.picker.plugin.Plugin;
import io.weir.picker.plugin.PluginException;
import io.weir.picker.plugin.PluginFactory;
import io.weir.picker.plugin.PluginLookup;
import io.weir.picker.plugin.PluginParameters;
import io.weir.picker.plugin.Producer;

import java.util.Map;

/** The plugin types that judge by predicted latencies. */
final class LatencyTypes {

    private static final int MAX_INT = Integer.MAX_VALUE;
    private static final String PRODUCER = "predicted-latency-producer";

    private LatencyTypes() {}

    static void addTo(Map<String, PluginFactory> factories) {
        factories.put("latency-scorer", LatencyTypes::scorer);
        factories.put("predicted-latency-scorer", (p, _) -> formerScorer(p));
        factories.put(
                "slo-headroom-tier-filter",
                (p, plugins) ->
                        new SloHeadroomTierFilter(
                                p.number("epsilonExploreNeg", 0.01, 0, 1), buffer(p, plugins)));
        factories.put(
                "latency-slo-admitter", (p, plugins) -> new LatencySloAdmitter(buffer(p, plugins)));
        factories.put(PRODUCER, (p, _) -> producer(p));
    }

    /** The older form: producer, filters, scorer and picker in one. Here it is the scorer. */
    private static Plugin formerScorer(PluginParameters p) {
        p.ignore(
                "samplingMean",
                "maxSampledTokens",
                "negHeadroomTTFTWeight",
                "negHeadroomTPOTWeight",
                "epsilonExploreSticky",
                "epsilonExploreNeg",
                "affinityGateTau",
                "affinityGateTauGlobal",
                "affinityMaxTTFTPenaltyMs",
                "contextTTL",
                "selectionMode",
                "streamingMode",
                "endpointRoleLabel");
        return scorer(p, "headroomTTFTWeight", "headroomTPOTWeight", factor(p));
    }

    private static double factor(PluginParameters p) {
        return p.number("sloBufferFactor", 1, 0.001, 1000);
    }

    /** Every pool learns as soon as some plugin wants to know, from all that it sees. */
    private static Plugin producer(PluginParameters p) {
        p.producers("prefixMatchInfoProducerName", "inFlightLoadProducerName");
        p.ignore(
                "samplingMean",
                "maxDecodeTokenSamplesForPrediction",
                "contextTTL",
                "streamingMode",
                "endpointRoleLabel",
                "predictInProduce",
                "predictInPrepareData",
                "useEncoderCacheFeatures");
        return new Producer.Latencies(factor(p));
    }

    /** Returns the factor of the producer that a plugin names, or of the only one there is. */
    private static double buffer(PluginParameters p, PluginLookup plugins) {
        String field = "latencyPredictionInfoProducerName";
        String name = p.isEmptyText(field) ? PRODUCER : p.text(field).orElse(PRODUCER);
        if (name.equals(PRODUCER) && !plugins.has(name)) {
            return 1;
        }
        if (plugins.get(p.field(field), name) instanceof Producer.Latencies(double factor)) {
            return factor;
        }
        throw PluginException.on(p.field(field), name + " (expected: a latency producer)");
    }

    private static Plugin scorer(PluginParameters p, PluginLookup plugins) {
        p.producers("prefixMatchInfoProducerName", "inFlightLoadProducerName");
        return scorer(p, "ttftWeight", "tpotWeight", buffer(p, plugins));
    }

    private static Plugin scorer(
            PluginParameters p, String ttftWeight, String tpotWeight, double sloBuffer) {
        return new LatencyScorer(
                p.number(ttftWeight, 0.8, 0, MAX_INT),
                p.number(tpotWeight, 0.2, 0, MAX_INT),
                isMost(p),
                new LatencyScorer.Composite(
                        p.number("compositeKVWeight", 1, 0, MAX_INT),
                        p.number("compositeQueueWeight", 1, 0, MAX_INT),
                        p.number("compositePrefixWeight", 1, 0, MAX_INT)),
                sloBuffer);
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

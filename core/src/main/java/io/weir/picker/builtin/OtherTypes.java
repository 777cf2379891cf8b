package io.weir.picker.builtin;

import io.weir.picker.plugin.Inherent;
import io.weir.picker.plugin.Parser;
import io.weir.picker.plugin.PluginException;
import io.weir.picker.plugin.PluginFactory;

import java.util.List;
import java.util.Map;

/** Types that need no plugin of their own, and those that Weir does not have. */
final class OtherTypes {

    private static final List<String> PARSERS =
            List.of(
                    "openai-parser",
                    "anthropic-parser",
                    "vllmhttp-parser",
                    "sglanghttp-parser",
                    "vertexai-parser",
                    "vllmgrpc-parser",
                    "passthrough-parser");

    private static final List<String> INHERENT =
            List.of(
                    "disagg-headers-handler",
                    "prefill-header-handler",
                    "destination-endpoint-served-verifier",
                    "request-attribute-reporter",
                    "file-discovery");

    private static final String FORMER_LATENCY = "is not known any more (expected: latency-scorer)";
    private static final String FORMER_PRECISE =
            "is not known any more"
                    + " (expected: precise-prefix-cache-producer and prefix-cache-scorer)";
    private static final String NO_CLUSTERS = "is not supported: a pool is of one cluster";
    private static final String NO_BURSTS =
            "is not supported: every pick reserves its endpoint at once, which spreads bursts";
    private static final String NO_GPU = "is not supported: GPU metrics are not read";

    private static final Map<String, String> MISSING =
            Map.ofEntries(
                    Map.entry("predicted-latency-scorer", FORMER_LATENCY),
                    Map.entry("precise-prefix-cache-scorer", FORMER_PRECISE),
                    Map.entry("burst-prefix-cache-producer", NO_BURSTS),
                    Map.entry("dcgm-data-source", NO_GPU),
                    Map.entry("dcgm-extractor", NO_GPU),
                    Map.entry("multicluster-queue-scorer", NO_CLUSTERS),
                    Map.entry("multicluster-kv-cache-utilization-scorer", NO_CLUSTERS),
                    Map.entry("multicluster-prefix-cache-scorer", NO_CLUSTERS),
                    Map.entry("multicluster-session-affinity-filter", NO_CLUSTERS),
                    Map.entry("multicluster-approx-prefix-cache-producer", NO_CLUSTERS),
                    Map.entry("multicluster-metrics-data-source", NO_CLUSTERS),
                    Map.entry("multicluster-metrics-extractor", NO_CLUSTERS),
                    Map.entry("multicluster-file-discovery", NO_CLUSTERS));

    private OtherTypes() {}

    static void addTo(Map<String, PluginFactory> factories) {
        PARSERS.forEach(type -> factories.put(type, (_, _) -> new Parser(type)));
        INHERENT.forEach(type -> factories.put(type, (_, _) -> new Inherent(type)));
        MISSING.forEach((type, reason) -> factories.put(type, missing(type, reason)));
    }

    private static PluginFactory missing(String type, String reason) {
        return (p, _) -> {
            String entry = p.field("");
            throw PluginException.on(
                    entry.replaceFirst("\\.parameters\\.$", ".type"), type + " " + reason);
        };
    }
}

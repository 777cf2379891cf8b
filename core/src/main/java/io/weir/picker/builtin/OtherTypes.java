package io.weir.picker.builtin;

import io.weir.picker.plugin.DataPlugin;
import io.weir.picker.plugin.Inherent;
import io.weir.picker.plugin.Parser;
import io.weir.picker.plugin.Plugin;
import io.weir.picker.plugin.PluginException;
import io.weir.picker.plugin.PluginFactory;
import io.weir.picker.plugin.PluginParameters;

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
                    "destination-endpoint-served-verifier");

    private static final String NO_CLUSTERS = "is not supported: a pool is of one cluster";

    private static final Map<String, String> MISSING =
            Map.ofEntries(
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
        INHERENT.forEach(type -> factories.put(type, inherent(type)));
        factories.put("request-attribute-reporter", (p, _) -> attributeReporter(p));
        factories.put("file-discovery", (p, _) -> fileDiscovery(p));
        MISSING.forEach((type, reason) -> factories.put(type, missing(type, reason)));
    }

    private static PluginFactory inherent(String type) {
        return (p, _) -> {
            // Headers name the servers of all profiles that ran.
            p.ignore("prefillProfile", "encodeProfile");
            return new Inherent(type);
        };
    }

    /** What is to be told is worked out where answers are read; here it is only checked. */
    private static Plugin attributeReporter(PluginParameters p) {
        for (PluginParameters attribute : p.sections("attributes")) {
            attribute.requiredText("expression");
            attribute.text("condition");
            PluginParameters key =
                    attribute
                            .section("key")
                            .orElseThrow(
                                    () -> PluginException.on(attribute.field("key"), "is missing"));
            key.text("namespace");
            key.requiredText("name");
        }
        return new Inherent("request-attribute-reporter");
    }

    private static Plugin fileDiscovery(PluginParameters p) {
        p.flag("watchFile", false);
        return new DataPlugin.FileDiscovery(p.requiredText("path"));
    }

    private static PluginFactory missing(String type, String reason) {
        return (p, _) -> {
            String entry = p.field("");
            throw PluginException.on(
                    entry.replaceFirst("\\.parameters\\.$", ".type"), type + " " + reason);
        };
    }
}

package io.weir.picker.setup;

import io.weir.picker.builtin.DefaultProfile;
import io.weir.picker.plugin.FlowPolicy;
import io.weir.picker.plugin.PluginException;
import io.weir.picker.plugin.SaturationDetector;
import io.weir.picker.setup.FlowControlSettings.Band;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The flowControl section of a document, and what once stood beside it. */
final class FlowControlSection {

    private final YamlMap document;
    private final @Nullable YamlMap section;
    private final PluginSet plugins;
    private final List<String> warnings;

    FlowControlSection(YamlMap document, PluginSet plugins, List<String> warnings) {
        this.document = document;
        this.section = document.map("flowControl");
        this.plugins = plugins;
        this.warnings = warnings;
    }

    /** Returns what says how full the pool is; it is asked with and without queues. */
    SaturationDetector detector() {
        YamlMap reference = section == null ? null : section.map("saturationDetector");
        reference = reference == null ? document.map("saturationDetector") : reference;
        if (reference != null) {
            return plugins.require(reference, SaturationDetector.class, "a saturation detector");
        }
        SaturationDetector named = plugins.named("utilization-detector", SaturationDetector.class);
        return named == null ? DefaultProfile.detector() : named;
    }

    FlowControlSettings settings(boolean enabled) {
        YamlMap flow = section == null ? new YamlMap("flowControl", Map.of()) : section;
        flow.map("saturationDetector");
        Band template = band(flow.map("defaultPriorityBand"), standardBand());
        Duration ttl = flow.duration("defaultRequestTTL", FlowControlSettings.DEFAULT_TTL);
        FlowControlSettings settings =
                new FlowControlSettings(
                        enabled,
                        flow.quantity("maxBytes", 0),
                        flow.quantity("maxRequests", 0),
                        ttl,
                        flow.duration("noEndpointRequestTTL", ttl),
                        template,
                        band(flow.map("defaultNegativePriorityBand"), template),
                        bands(flow, template),
                        usageLimit(flow),
                        flow.flag("enableEviction", false));
        flow.requireAllRead();
        if (section != null && !enabled) {
            warnings.add("flowControl: has no effect (expected: featureGates: [flowControl])");
        }
        return settings;
    }

    private SortedMap<Integer, Band> bands(YamlMap flow, Band template) {
        SortedMap<Integer, Band> bands = new TreeMap<>();
        for (YamlMap entry : flow.maps("priorityBands")) {
            int priority = entry.requiredInteger("priority");
            if (bands.put(priority, band(entry, template)) != null) {
                throw PluginException.on(
                        entry.field("priority"), priority + " (expected: used once)");
            }
        }
        return bands;
    }

    /** A limit of 0 is one that is not set. */
    private Band band(@Nullable YamlMap entry, Band template) {
        if (entry == null) {
            return template;
        }
        entry.skip("priority");
        long bytes = entry.quantity("maxBytes", 0);
        long requests = entry.quantity("maxRequests", 0);
        Band band =
                new Band(
                        bytes == 0 ? template.maxBytes() : bytes,
                        requests == 0 ? template.maxRequests() : requests,
                        policy(
                                entry,
                                "fairnessPolicyRef",
                                FlowPolicy.Fairness.class,
                                "a fairness policy",
                                template.fairness()),
                        policy(
                                entry,
                                "orderingPolicyRef",
                                FlowPolicy.Ordering.class,
                                "an ordering policy",
                                template.ordering()));
        entry.requireAllRead();
        return band;
    }

    private Band standardBand() {
        Band standard = Band.DEFAULT;
        FlowPolicy.Fairness fairness =
                plugins.named("global-strict-fairness-policy", FlowPolicy.Fairness.class);
        FlowPolicy.Ordering ordering =
                plugins.named("fcfs-ordering-policy", FlowPolicy.Ordering.class);
        return new Band(
                standard.maxBytes(),
                standard.maxRequests(),
                fairness == null ? standard.fairness() : fairness,
                ordering == null ? standard.ordering() : ordering);
    }

    private FlowPolicy.UsageLimit usageLimit(YamlMap flow) {
        FlowPolicy.UsageLimit named =
                plugins.named("static-usage-limit-policy", FlowPolicy.UsageLimit.class);
        return policy(
                flow,
                "usageLimitPolicyPluginRef",
                FlowPolicy.UsageLimit.class,
                "a usage limit policy",
                named == null ? FlowControlSettings.OFF.usageLimit() : named);
    }

    private <T extends FlowPolicy> T policy(
            YamlMap entry, String field, Class<T> kind, String what, T fallback) {
        String name = entry.text(field);
        if (name == null || name.isEmpty()) {
            return fallback;
        }
        return plugins.require(entry.field(field), name, kind, what);
    }
}

package io.weir.picker.builtin;

import io.weir.picker.plugin.Plugin;
import io.weir.picker.plugin.PluginException;
import io.weir.picker.plugin.PluginFactory;
import io.weir.picker.plugin.PluginParameters;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Types that say what is served at all, and how full a pool is. */
final class AdmissionTypes {

    private static final int MAX_INT = Integer.MAX_VALUE;

    private AdmissionTypes() {}

    static void addTo(Map<String, PluginFactory> factories) {
        factories.put("utilization-detector", (p, _) -> utilization(p));
        factories.put("concurrency-detector", (p, _) -> concurrency(p));
        factories.put("probabilistic-admitter", (p, _) -> probabilistic(p));
        factories.put("disaggregatedset-rollout-screener", (p, _) -> rollout(p));
    }

    private static Plugin utilization(PluginParameters p) {
        UtilizationDetector fallback = UtilizationDetector.DEFAULT;
        // Values are corrected by what was sent since they were scraped, so they do not go stale.
        p.duration("metricsStalenessThreshold", Duration.ZERO);
        p.ignore("metricsStalenessThreshold");
        return new UtilizationDetector(
                p.integer("queueDepthThreshold", fallback.queueDepthThreshold(), 1),
                p.number("kvCacheUtilThreshold", fallback.kvCacheUtilThreshold(), 0.001, 1),
                p.number("headroom", fallback.headroom(), 0, MAX_INT));
    }

    private static Plugin concurrency(PluginParameters p) {
        String mode = p.choice("concurrencyMode", "requests", "requests", "tokens", "hybrid");
        p.producers("inFlightLoadProducerName");
        return new ConcurrencyDetector(
                p.integer("maxConcurrency", 100, 1),
                p.whole("maxTokenConcurrency", 1_000_000, 1),
                ConcurrencyDetector.Mode.valueOf(mode.toUpperCase(Locale.ROOT)),
                p.number("headroom", 0, 0, MAX_INT));
    }

    private static Plugin probabilistic(PluginParameters p) {
        var fullness =
                new UtilizationDetector(
                        p.integer("queueDepthThreshold", 5, 1),
                        p.number("kvCacheUtilThreshold", 0.8, 0.001, 1),
                        0);
        return new ProbabilisticAdmitter(
                fullness, p.number("power", 5, 0, 1000), p.number("k", 300, 0, 1e12));
    }

    private static Plugin rollout(PluginParameters p) {
        PluginParameters scope = required(p, "scope");
        PluginParameters gating = required(p, "revisionGating");
        String mode = gating.choice("mode", "", "sum", "max-role", "disabled");
        if (mode.isEmpty()) {
            throw PluginException.on(gating.field("mode"), "is missing");
        }
        List<String> roles =
                gating.section("requireRoles").map(r -> r.texts("values")).orElse(List.of());
        if (roles.isEmpty() && !mode.equals("disabled")) {
            throw PluginException.on(gating.field("requireRoles.values"), "is missing");
        }
        return new RolloutScreener(
                LabelMatch.parse(scope.field("labelSelector"), scope.requiredText("labelSelector")),
                selectors(p),
                RolloutScreener.Mode.valueOf(mode.replace('-', '_').toUpperCase(Locale.ROOT)),
                gating.text("revisionLabelKey").orElse("disaggregatedset.x-k8s.io/revision"),
                gating.text("roleLabelKey").orElse("disaggregatedset.x-k8s.io/role"),
                roles);
    }

    private static List<RolloutScreener.Selector> selectors(PluginParameters p) {
        List<RolloutScreener.Selector> selectors = new ArrayList<>();
        for (PluginParameters entry : p.sections("headerSelectors")) {
            entry.text("name");
            selectors.add(
                    new RolloutScreener.Selector(
                            entry.requiredText("headerName").toLowerCase(Locale.ROOT),
                            entry.requiredText("labelKey"),
                            entry.choice("mode", "strict", "strict", "prefer").equals("strict")));
        }
        return selectors;
    }

    private static PluginParameters required(PluginParameters p, String name) {
        return p.section(name).orElseThrow(() -> PluginException.on(p.field(name), "is missing"));
    }
}

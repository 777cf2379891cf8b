package io.weir.picker.builtin;

import io.weir.picker.plugin.Filter;
import io.weir.picker.plugin.Picker;
import io.weir.picker.plugin.Plugin;
import io.weir.picker.plugin.PluginException;
import io.weir.picker.plugin.PluginFactory;
import io.weir.picker.plugin.PluginLookup;
import io.weir.picker.plugin.PluginParameters;
import io.weir.picker.plugin.PluginProvider;
import io.weir.picker.prefix.PrefixSettings;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The plugin types that come with Weir. */
public final class BuiltInPlugins implements PluginProvider {

    private static final int MAX_INT = Integer.MAX_VALUE;

    @Override
    public Map<String, PluginFactory> factories() {
        Map<String, PluginFactory> factories = new LinkedHashMap<>();
        addScorers(factories);
        addFilters(factories);
        addPickers(factories);
        Handlers.addTo(factories);
        LabelTypes.addTo(factories);
        AffinityTypes.addTo(factories);
        AdmissionTypes.addTo(factories);
        ProducerTypes.addTo(factories);
        PolicyTypes.addTo(factories);
        DataTypes.addTo(factories);
        LatencyTypes.addTo(factories);
        OtherTypes.addTo(factories);
        return factories;
    }

    private static void addScorers(Map<String, PluginFactory> factories) {
        factories.put("expected-work-scorer", (p, _) -> new ExpectedWorkScorer(WorkCosts.of(p)));
        factories.put("queue-scorer", (_, _) -> new QueueScorer());
        factories.put("running-requests-size-scorer", (_, _) -> new RunningRequestsScorer());
        factories.put("kv-cache-utilization-scorer", (_, _) -> new KvCacheScorer());
        factories.put("kv-cache-scorer", (_, _) -> new KvCacheScorer());
        factories.put(
                "load-aware-scorer", (p, _) -> new LoadAwareScorer(p.integer("threshold", 128, 1)));
        factories.put("active-request-scorer", (p, _) -> activeRequests(p));
        factories.put("token-load-scorer", (p, _) -> tokenLoad(p));
        factories.put("prefix-cache-scorer", BuiltInPlugins::prefixCache);
        factories.put("no-hit-lru-scorer", (p, _) -> noHitLru(p));
        factories.put("lora-affinity-scorer", (_, _) -> new LoraAffinityScorer());
    }

    private static void addFilters(Map<String, PluginFactory> factories) {
        factories.put(
                "low-queue-filter", (p, _) -> new LowQueueFilter(p.integer("threshold", 128, 0)));
        factories.put("least-queue-filter", (_, _) -> LeastFilter.queue());
        factories.put("least-kv-cache-filter", (_, _) -> LeastFilter.kvCache());
        factories.put(
                "lora-affinity-filter",
                (p, _) -> new LoraAffinityFilter(p.number("threshold", 0.999, 0, 1)));
        factories.put("sheddable-capacity-filter", (p, _) -> sheddable(p));
        factories.put("prefix-cache-affinity-filter", (p, _) -> prefixAffinity(p));
        factories.put("utilization-filter", (p, _) -> utilizationFilter(p));
        factories.put("decision-tree-filter", BuiltInPlugins::decisionTree);
    }

    private static void addPickers(Map<String, PluginFactory> factories) {
        Map<String, Picker> pickers =
                Map.of(
                        "max-score-picker", Pickers.MAX_SCORE,
                        "random-picker", Pickers.RANDOM,
                        "weighted-random-picker", Pickers.WEIGHTED_RANDOM);
        pickers.forEach((type, picker) ->
                factories.put(
                        type,
                        (p, _) -> {
                            int most = p.integer("maxNumOfEndpoints", 1, Integer.MIN_VALUE);
                            return most <= 1 ? picker : new Pickers.OfSeveral(picker, most);
                        }));
    }

    private static Plugin activeRequests(PluginParameters p) {
        p.producers("inFlightLoadProducerName");
        p.ignore("requestTimeout");
        return new ActiveRequestScorer(
                p.integer("idleThreshold", 0, 0), p.number("maxBusyScore", 1, 0, 1));
    }

    private static Plugin tokenLoad(PluginParameters p) {
        p.producers("inFlightLoadProducerName");
        return new TokenLoadScorer(p.integer("queueThresholdTokens", 4_194_304, 1));
    }

    private static Plugin noHitLru(PluginParameters p) {
        p.producers("prefixMatchInfoProducerName");
        p.ignore("prefixPluginType", "prefixPluginName");
        return new NoHitLruScorer(p.integer("lruSize", 1024, 1));
    }

    /** The settings of a named producer, or those written here as older versions do. */
    private static Plugin prefixCache(PluginParameters p, PluginLookup plugins) {
        PrefixSettings settings = ProducerTypes.named(p, plugins);
        boolean ownSettings = settings == null && ProducerTypes.hasPrefixSettings(p);
        return new PrefixCacheScorer(
                ownSettings ? ProducerTypes.prefix(p) : settings,
                p.number("matchLengthWeight", 0, 0, 1),
                p.number("matchLengthScaleTokens", 8192, 1, MAX_INT));
    }

    private static Plugin utilizationFilter(PluginParameters p) {
        p.producers("inFlightLoadProducerName");
        List<UtilizationFilter.Limit> limits = new ArrayList<>();
        for (PluginParameters entry : p.sections("conditions")) {
            String metric =
                    entry.choice(
                            "metric",
                            "",
                            "active-requests",
                            "running-requests",
                            "waiting-queue",
                            "kv-cache-utilization");
            if (metric.isEmpty() || !entry.has("maxValue")) {
                throw PluginException.on(
                        entry.field(metric.isEmpty() ? "metric" : "maxValue"), "is missing");
            }
            var measure =
                    UtilizationFilter.Measure.valueOf(
                            metric.replace('-', '_').toUpperCase(Locale.ROOT));
            limits.add(
                    new UtilizationFilter.Limit(
                            measure, entry.number("maxValue", 0, 0, Double.MAX_VALUE)));
        }
        if (limits.isEmpty()) {
            throw PluginException.on(p.field("conditions"), "is missing");
        }
        return new UtilizationFilter(limits, p.flag("fallbackOnEmpty", false));
    }

    private static Plugin sheddable(PluginParameters p) {
        return new SheddableCapacityFilter(
                p.integer("queueThreshold", 5, 0), p.number("kvCacheThreshold", 0.8, 0, 1));
    }

    private static Plugin prefixAffinity(PluginParameters p) {
        p.producers(
                "prefixMatchInfoProducerName",
                "inFlightLoadProducerName",
                "latencyPredictionInfoProducerName");
        String source = p.text("ttftSource").orElse("prefillThroughput");
        if (!source.equals("prefillThroughput") && !source.equals("latencyPredictor")) {
            throw PluginException.on(
                    p.field("ttftSource"),
                    source + " (expected: prefillThroughput or latencyPredictor)");
        }
        return new PrefixCacheAffinityFilter(
                p.number("affinityThreshold", 0.8, -MAX_INT, MAX_INT),
                p.number("explorationProbability", 0, 0, 1),
                p.number("maxTTFTPenaltyMs", 18_000, 0, MAX_INT),
                p.number("peakPrefillThroughput", 15_928, 1, MAX_INT),
                source.equals("latencyPredictor"));
    }

    private static Filter decisionTree(PluginParameters p, PluginLookup plugins) {
        PluginParameters current =
                p.section("current")
                        .orElseThrow(() -> PluginException.on(p.field("current"), "is missing"));
        Filter first = reference(current, plugins);
        if (first instanceof DecisionTreeFilter) {
            throw PluginException.on(
                    current.field("pluginRef"), "is a decision-tree-filter (expected: another)");
        }
        Filter always = branch(p, "nextOnSuccessOrFailure", plugins);
        Filter success = branch(p, "nextOnSuccess", plugins);
        Filter failure = branch(p, "nextOnFailure", plugins);
        return new DecisionTreeFilter(
                first, success != null ? success : always, failure != null ? failure : always);
    }

    private static @Nullable Filter branch(PluginParameters p, String name, PluginLookup plugins) {
        PluginParameters branch = p.section(name).orElse(null);
        if (branch == null) {
            return null;
        }
        PluginParameters tree = branch.section("decisionTree").orElse(null);
        return tree != null ? decisionTree(tree, plugins) : reference(branch, plugins);
    }

    private static Filter reference(PluginParameters p, PluginLookup plugins) {
        String field = p.field("pluginRef");
        String name =
                p.text("pluginRef").orElseThrow(() -> PluginException.on(field, "is missing"));
        if (plugins.get(field, name) instanceof Filter filter) {
            return filter;
        }
        throw PluginException.on(field, name + " (expected: a filter)");
    }
}

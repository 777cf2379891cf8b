package io.weir.picker.builtin;

import io.weir.picker.plugin.FlowPolicy.Eviction;
import io.weir.picker.plugin.FlowPolicy.Fairness;
import io.weir.picker.plugin.FlowPolicy.Ordering;
import io.weir.picker.plugin.FlowPolicy.UsageLimit;
import io.weir.picker.plugin.Plugin;
import io.weir.picker.plugin.PluginException;
import io.weir.picker.plugin.PluginFactory;
import io.weir.picker.plugin.PluginParameters;

import java.time.Duration;
import java.util.Map;

/** Types of how requests wait. */
final class PolicyTypes {

    private PolicyTypes() {}

    static void addTo(Map<String, PluginFactory> factories) {
        factories.put("global-strict-fairness-policy", (_, _) -> new Fairness.GlobalStrict());
        factories.put("round-robin-fairness-policy", (_, _) -> new Fairness.RoundRobin());
        factories.put("program-aware-fairness", (p, _) -> programAware(p));
        factories.put("fcfs-ordering-policy", (_, _) -> new Ordering.FirstCome());
        factories.put("edf-ordering-policy", (_, _) -> new Ordering.EarliestDeadline());
        factories.put("slo-deadline-ordering-policy", (_, _) -> new Ordering.SloDeadline());
        factories.put("static-usage-limit-policy", (p, _) -> fixed(p));
        factories.put("priority-holdback-policy", (p, _) -> holdback(p));
        factories.put("soft-reflective-ceiling-policy", (_, _) -> new UsageLimit.SoftReflective());
        for (String type :
                new String[] {"sheddable-eviction-filter", "eviction-sheddable-filter"}) {
            factories.put(type, (_, _) -> new Eviction.Sheddable());
        }
        for (String type :
                new String[] {
                    "priority-then-time-eviction-order-policy",
                    "eviction-priority-then-time-ordering"
                }) {
            factories.put(type, (_, _) -> new Eviction.PriorityThenTime());
        }
    }

    private static Plugin programAware(PluginParameters p) {
        p.choice("strategy", "las", "las");
        return new Fairness.ProgramAware(
                p.number("lasWeightService", 0.8, 0, 1),
                p.number("lasWeightHeadWait", 0.2, 0, 1),
                seconds(p, "lasHalfLifeSeconds", 60),
                seconds(p, "evictionTtlSeconds", 3600),
                seconds(p, "evictionSweepSeconds", 300));
    }

    private static Duration seconds(PluginParameters p, String name, int fallback) {
        return Duration.ofMillis(Math.round(p.number(name, fallback, 0.001, 1e9) * 1000));
    }

    private static Plugin fixed(PluginParameters p) {
        return new UsageLimit.Fixed(p.number("threshold", 1, 0, Integer.MAX_VALUE));
    }

    private static Plugin holdback(PluginParameters p) {
        p.choice("shape", "linear", "linear");
        boolean byValue = p.choice("domain", "rank", "rank", "value").equals("value");
        if (!p.has("minCeiling")) {
            throw PluginException.on(p.field("minCeiling"), "is missing");
        }
        double least = p.number("minCeiling", 0, 0, 1);
        double most = p.number("maxCeiling", 1, 0, Integer.MAX_VALUE);
        if (least >= 1 || least > most) {
            throw PluginException.on(
                    p.field("minCeiling"),
                    least + " (expected: below 1, and not above maxCeiling)");
        }
        return new UsageLimit.PriorityHoldback(byValue, least, most);
    }
}

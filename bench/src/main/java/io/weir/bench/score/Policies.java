package io.weir.bench.score;

import io.weir.picker.PickerSettings;
import io.weir.picker.PoolPicker;
import io.weir.picker.builtin.BuiltInPlugins;
import io.weir.picker.plugin.PluginException;
import io.weir.picker.plugin.PluginProvider;
import io.weir.picker.pool.PickerRegistry;
import io.weir.picker.pool.PoolSpec;
import io.weir.resource.ObjectKey;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The policies of the scorecard. */
final class Policies {

    static final String ROUND_ROBIN = "round-robin";
    static final String WEIR = "weir";
    static final String REFERENCE = "reference-2-2-3";

    private static final Duration FAST = Duration.ofMillis(50);
    private static final Duration SLOW = Duration.ofSeconds(1);
    private static final ObjectKey POOL =
            new ObjectKey("inference.networking.k8s.io", "InferencePool", "default", "pool");

    private Policies() {}

    static List<Policy> all() {
        return List.of(
                simple(ROUND_ROBIN, "round robin", SimplePicker::roundRobin),
                simple("random", "random", configured(plugins("random-picker"))),
                simple("power-of-two", "power of two", SimplePicker::powerOfTwo),
                simple("least-in-flight", "least in flight", configured(leastInFlight())),
                reference("queue-kv-50ms", "queue + kv, 50 ms", FAST, queueAndKv(0, "")),
                reference("queue-kv-1s", "queue + kv, 1 s", SLOW, queueAndKv(0, "")),
                reference(REFERENCE, "reference 2/2/3", FAST, queueAndKv(3, "prefix-cache-scorer")),
                reference(
                        "reference-precise",
                        "reference precise",
                        FAST,
                        queueAndKv(3, "precise-prefix-cache-scorer")),
                new Policy(
                        "affinity-token-load",
                        "affinity + token load",
                        FAST,
                        FAST,
                        true,
                        configured(affinity())),
                weir(WEIR, "Weir", PickerSettings.DEFAULT));
    }

    /** Returns a policy of Weir's own plugins under another configuration. */
    static Policy weir(String name, String title, PickerSettings settings) {
        return new Policy(
                name,
                title,
                FAST,
                SLOW,
                true,
                context -> picker(context, settings, List.of(new BuiltInPlugins())));
    }

    private static Policy simple(
            String name, String title, Function<PolicyContext, PoolPicker> picker) {
        return new Policy(name, title, SLOW, SLOW, false, picker);
    }

    private static Policy reference(String name, String title, Duration scrape, String config) {
        return new Policy(
                name,
                title,
                scrape,
                scrape,
                config.contains("prefix"),
                context ->
                        picker(
                                context,
                                new PickerSettings(config, name),
                                List.of(
                                        new BuiltInPlugins(),
                                        new ReferencePlugins(context.truth()))));
    }

    private static Function<PolicyContext, PoolPicker> configured(String config) {
        return context ->
                picker(
                        context,
                        new PickerSettings(config, "scorecard"),
                        List.of(new BuiltInPlugins()));
    }

    private static PoolPicker picker(
            PolicyContext context, PickerSettings settings, List<PluginProvider> plugins) {
        PickerRegistry registry =
                new PickerRegistry(plugins, context.watch(), context.nanoTime(), context.seeds());
        Map<ObjectKey, PluginException> refused =
                registry.apply(Map.of(POOL, new PoolSpec(context.endpoints(), settings)));
        PluginException wrong = refused.get(POOL);
        if (wrong != null) {
            throw wrong;
        }
        return registry.forPool(POOL);
    }

    private static String leastInFlight() {
        return plugins("active-request-scorer", "max-score-picker");
    }

    private static String plugins(String... types) {
        return header() + "plugins: [{type: " + String.join("}, {type: ", types) + "}]\n";
    }

    private static String queueAndKv(int prefixWeight, String prefixType) {
        String declared = prefixType.isEmpty() ? "" : "- {type: " + prefixType + "}\n";
        String used =
                prefixType.isEmpty()
                        ? ""
                        : "  - {pluginRef: " + prefixType + ", weight: " + prefixWeight + "}\n";
        return header()
                + """
                plugins:
                - {type: queue-scorer}
                - {type: kv-cache-utilization-scorer}
                - {type: max-score-picker}
                """
                + declared
                + """
                schedulingProfiles:
                - name: default
                  plugins:
                  - {pluginRef: queue-scorer, weight: 2}
                  - {pluginRef: kv-cache-utilization-scorer, weight: 2}
                """
                + used.indent(0)
                + "  - {pluginRef: max-score-picker}\n";
    }

    private static String affinity() {
        return header()
                + """
                plugins:
                - type: prefix-cache-affinity-filter
                - type: token-load-scorer
                - type: max-score-picker
                schedulingProfiles:
                - name: default
                  plugins:
                  - {pluginRef: prefix-cache-affinity-filter}
                  - {pluginRef: token-load-scorer, weight: 1}
                  - {pluginRef: max-score-picker}
                """;
    }

    private static String header() {
        return "apiVersion: llm-d.ai/v1alpha1\nkind: EndpointPickerConfig\n";
    }
}

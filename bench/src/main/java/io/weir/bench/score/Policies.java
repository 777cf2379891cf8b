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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** The policies of the scorecard. */
final class Policies {

    static final String ROUND_ROBIN = "round-robin";
    static final String WEIR = "weir";
    static final String REFERENCE = "reference-2-2-3";

    private static final Set<String> RIVALS = Set.of(ROUND_ROBIN, REFERENCE, WEIR);
    private static final Duration FAST = Duration.ofMillis(50);
    private static final Duration SLOW = Duration.ofSeconds(1);
    private static final ObjectKey POOL =
            new ObjectKey("inference.networking.k8s.io", "InferencePool", "default", "pool");

    private static final Weighted QUEUE = new Weighted("queue-scorer", 2);
    private static final Weighted KV_CACHE = new Weighted("kv-cache-utilization-scorer", 2);
    private static final Weighted PREFIX = new Weighted("prefix-cache-scorer", 3);
    private static final Weighted PRECISE = new Weighted("precise-prefix-cache-scorer", 3);
    private static final Weighted LORA = new Weighted("lora-affinity-scorer", 1);

    /** A scorer of the reference. */
    private record Weighted(String type, int weight) {}

    private Policies() {}

    static List<Policy> all() {
        return List.of(
                simple(ROUND_ROBIN, "round robin", SimplePicker::roundRobin),
                builtIn("random", "random", SLOW, SLOW, plugins("random-picker")),
                simple("power-of-two", "power of two", SimplePicker::powerOfTwo),
                builtIn(
                        "least-in-flight",
                        "least in flight",
                        SLOW,
                        SLOW,
                        plugins("active-request-scorer", "max-score-picker")),
                reference("queue-kv-50ms", "queue + kv, 50 ms", FAST, queueAndKv()),
                reference("queue-kv-1s", "queue + kv, 1 s", SLOW, queueAndKv()),
                reference(REFERENCE, "reference 2/2/3", FAST, queueAndKv(PREFIX)),
                reference(
                        "reference-lora",
                        "reference 2/2/3, LoRA 1",
                        FAST,
                        queueAndKv(PREFIX, LORA)),
                reference("reference-precise", "reference precise", FAST, queueAndKv(PRECISE)),
                affinity(),
                builtIn(
                        "latency",
                        "predicted latency",
                        FAST,
                        SLOW,
                        plugins("latency-scorer", "max-score-picker")),
                weir(WEIR, "Weir", PickerSettings.DEFAULT));
    }

    /** Returns those that a default has to stand up to. */
    static List<Policy> rivals() {
        return all().stream().filter(policy -> RIVALS.contains(policy.name())).toList();
    }

    /** Returns Weir's default, and what is left of it without one thing at a time. */
    static List<Policy> ablations() {
        return List.of(
                weir(WEIR, "Weir", PickerSettings.DEFAULT),
                without("prompt", "no charge for the prompt", "uncachedFactor: 0"),
                without("doubling", "the prompt charged once", "uncachedFactor: 1"),
                without("eviction", "no charge for eviction", "evictionFactor: 0"),
                without("uneven", "no charge for uneven KV caches", "unevenTokens: 0"),
                without("company", "no charge for company", "runningTokens: 0"),
                without("pace", "no charge for a slow pace", "countsPace: false"),
                without("kv", "no charge for a full KV cache", "kvTokens: 0"),
                without(
                        "adapters",
                        "no charge for adapters",
                        "adapterLoadTokens: 0, adapterEvictionTokens: 0"),
                without("others", "no charge for others' requests", "foreignWaitingTokens: 0"));
    }

    private static Policy without(String name, String title, String parameters) {
        String config =
                header()
                        + "plugins: [{type: expected-work-scorer, parameters: {%s}}]\n"
                                .formatted(parameters);
        return weir("without-" + name, title, new PickerSettings(config, name));
    }

    /** Returns a policy of Weir's own plugins under another configuration. */
    static Policy weir(String name, String title, PickerSettings settings) {
        return new Policy(name, title, FAST, SLOW, true, true, settings, Policies::builtIn);
    }

    private static Policy simple(
            String name, String title, Function<PolicyContext, PoolPicker> picker) {
        return new Policy(
                name,
                title,
                SLOW,
                SLOW,
                false,
                false,
                PickerSettings.DEFAULT,
                (context, _) -> picker.apply(context));
    }

    private static Policy builtIn(
            String name, String title, Duration scrape, Duration slowestScrape, String config) {
        return new Policy(
                name,
                title,
                scrape,
                slowestScrape,
                config.contains("latency"),
                true,
                new PickerSettings(config, name),
                Policies::builtIn);
    }

    private static Policy reference(String name, String title, Duration scrape, String config) {
        return new Policy(
                name,
                title,
                scrape,
                scrape,
                config.contains("prefix"),
                false,
                new PickerSettings(config, name),
                (context, settings) ->
                        picker(
                                context,
                                settings,
                                List.of(
                                        new BuiltInPlugins(),
                                        new ReferencePlugins(context.truth()))));
    }

    private static PoolPicker builtIn(PolicyContext context, PickerSettings settings) {
        return picker(context, settings, List.of(new BuiltInPlugins()));
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

    private static String plugins(String... types) {
        return header() + "plugins: [{type: " + String.join("}, {type: ", types) + "}]\n";
    }

    private static String queueAndKv(Weighted... others) {
        List<Weighted> scorers = new ArrayList<>(List.of(QUEUE, KV_CACHE));
        scorers.addAll(List.of(others));
        StringBuilder plugins = new StringBuilder();
        StringBuilder profile = new StringBuilder();
        for (Weighted scorer : scorers) {
            plugins.append("- {type: %s}\n".formatted(scorer.type()));
            profile.append(
                    "  - {pluginRef: %s, weight: %d}\n".formatted(scorer.type(), scorer.weight()));
        }
        return header()
                + "plugins:\n- {type: max-score-picker}\n"
                + plugins
                + "schedulingProfiles:\n- name: default\n  plugins:\n"
                + profile
                + "  - {pluginRef: max-score-picker}\n";
    }

    /** Weir's plugins of these names, which match prompts as the reference does. */
    private static Policy affinity() {
        String name = "affinity-token-load";
        String config =
                header()
                        + """
                        plugins:
                        - type: approx-prefix-cache-producer
                          parameters: {blockSizeTokens: 64, maxPrefixTokensToMatch: 131072}
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
        return new Policy(
                name,
                "affinity + token load",
                FAST,
                FAST,
                true,
                false,
                new PickerSettings(config, name),
                Policies::builtIn);
    }

    private static String header() {
        return "apiVersion: llm-d.ai/v1alpha1\nkind: EndpointPickerConfig\n";
    }
}

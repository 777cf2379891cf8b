package io.weir.telemetry;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.weir.picker.pool.PickerRegistry;
import io.weir.picker.state.CacheCounts;
import io.weir.picker.tokens.TokenCounts;
import io.weir.resource.ObjectKey;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * Measures what servers tell about their KV caches, and what became of prompts that were to be
 * tokenised, when somebody asks for the metrics. Pools that do neither have no series.
 */
public final class CacheMetrics {

    private final PickerRegistry pickers;

    private CacheMetrics(PickerRegistry pickers) {
        this.pickers = pickers;
    }

    /** Registers the metrics of all pools. */
    public static void register(PrometheusRegistry registry, PickerRegistry pickers) {
        CacheMetrics metrics = new CacheMetrics(pickers);
        metrics.registerEvents(registry);
        metrics.registerTokens(registry);
    }

    private void registerEvents(PrometheusRegistry registry) {
        CounterWithCallback.builder()
                .name(MetricNames.CACHE_EVENTS)
                .help("What a server told about its KV cache, and what of it was missed.")
                .labelNames("pool", "endpoint", "kind")
                .callback(series ->
                        each(
                                pickers::caches,
                                (pool, endpoints) ->
                                        endpoints.forEach((endpoint, cache) ->
                                                byKind(cache.counts())
                                                        .forEach((kind, count) ->
                                                                series.call(
                                                                        count, pool, endpoint,
                                                                        kind)))))
                .register(registry);
        GaugeWithCallback.builder()
                .name(MetricNames.CACHE_BLOCKS)
                .help("Blocks in a server's KV cache, as far as it told.")
                .labelNames("pool", "endpoint")
                .callback(series ->
                        each(
                                pickers::caches,
                                (pool, endpoints) ->
                                        endpoints.forEach((endpoint, cache) ->
                                                series.call(cache.blocks(), pool, endpoint))))
                .register(registry);
    }

    private void registerTokens(PrometheusRegistry registry) {
        CounterWithCallback.builder()
                .name(MetricNames.TOKENIZED)
                .help("Prompts that were to be tokenised, by what became of it.")
                .labelNames("pool", "outcome")
                .callback(series ->
                        each(
                                pickers::tokenCounts,
                                (pool, counts) ->
                                        byOutcome(counts)
                                                .forEach((outcome, count) ->
                                                        series.call(count, pool, outcome))))
                .register(registry);
    }

    private static Map<String, Long> byKind(CacheCounts.Snapshot counts) {
        Map<String, Long> kinds = new LinkedHashMap<>();
        kinds.put("stored", counts.stored());
        kinds.put("orphaned", counts.orphaned());
        kinds.put("removed", counts.removed());
        kinds.put("cleared", counts.cleared());
        kinds.put("skipped", counts.skipped());
        kinds.put("unreadable", counts.unreadable());
        kinds.put("gap", counts.gaps());
        kinds.put("replay", counts.replays());
        kinds.put("restart", counts.restarts());
        return kinds;
    }

    private static Map<String, Long> byOutcome(TokenCounts.Snapshot counts) {
        Map<String, Long> outcomes = new LinkedHashMap<>();
        outcomes.put("remembered", counts.remembered());
        outcomes.put("in_time", counts.inTime());
        outcomes.put("late", counts.late());
        outcomes.put("failed", counts.failed());
        outcomes.put("not_asked", counts.notAsked());
        return outcomes;
    }

    /** Pools of one name in two namespaces have labels of their own. */
    private static <T> void each(Supplier<Map<ObjectKey, T>> values, BiConsumer<String, T> action) {
        Set<String> names = new HashSet<>();
        values.get()
                .forEach((pool, value) -> {
                    boolean first = names.add(pool.name());
                    String label = pool.namespace() + "/" + pool.name();
                    action.accept(first ? pool.name() : label, value);
                });
    }
}

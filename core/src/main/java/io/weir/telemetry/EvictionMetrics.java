package io.weir.telemetry;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.weir.picker.flow.FlowSnapshot;
import io.weir.picker.flow.FlowSnapshot.Evictions;
import io.weir.resource.ObjectKey;

import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;

/** Measures running requests that are broken off. Pools where none may be have no series. */
final class EvictionMetrics {

    private final PrometheusRegistry registry;
    private final Consumer<BiConsumer<String, FlowSnapshot>> pools;
    private final Histogram confirmations;

    /**
     * Registers the metrics.
     *
     * @param pools tells all pools that have flow control, by their label
     */
    EvictionMetrics(PrometheusRegistry registry, Consumer<BiConsumer<String, FlowSnapshot>> pools) {
        this.registry = registry;
        this.pools = pools;
        confirmations =
                Histogram.builder()
                        .name(MetricNames.FLOW_REVOCATION_DURATION)
                        .help("How long requests took to end after they were told to.")
                        .labelNames("inference_pool")
                        .classicOnly()
                        .classicUpperBounds(Buckets.array(MetricNames.REVOCATION_BUCKETS))
                        .register(registry);
        registerCounters();
        perPool(
                MetricNames.FLOW_RECLAIM_TARGET,
                "How much too full a pool was when requests were last told to end.",
                Evictions::target);
        perPool(
                MetricNames.FLOW_PENDING_RECLAIM,
                "Load of a pool that is about to vanish, as requests were told to end.",
                Evictions::pending);
    }

    /** Notes that a request has ended, so long after it was told to. */
    void confirmed(ObjectKey pool, long nanos) {
        double seconds = (double) nanos / TimeUnit.SECONDS.toNanos(1);
        confirmations.labelValues(pool.name()).observe(seconds);
    }

    private void registerCounters() {
        CounterWithCallback.builder()
                .name(MetricNames.FLOW_REVOCATIONS_ISSUED)
                .help("Running requests that were told to end for waiting ones of a priority.")
                .labelNames("priority", "inference_pool")
                .callback(series ->
                        eachPool((pool, snapshot, _) -> {
                            for (FlowSnapshot.OfBand band : snapshot.bands()) {
                                String priority = Integer.toString(band.priority());
                                series.call((double) band.evictions(), priority, pool);
                            }
                        }))
                .register(registry);
        CounterWithCallback.builder()
                .name(MetricNames.FLOW_REVOCATIONS)
                .help("Running requests that were told to end, by whether they did in time.")
                .labelNames("outcome", "inference_pool")
                .callback(series ->
                        eachPool((pool, _, evictions) -> {
                            series.call((double) evictions.confirmed(), "confirmed", pool);
                            series.call((double) evictions.timedOut(), "timed_out", pool);
                        }))
                .register(registry);
    }

    private void perPool(String name, String help, ToDoubleFunction<Evictions> value) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .labelNames("inference_pool")
                .callback(series ->
                        eachPool((pool, _, evictions) ->
                                series.call(value.applyAsDouble(evictions), pool)))
                .register(registry);
    }

    private void eachPool(PoolAction action) {
        pools.accept((pool, snapshot) -> {
            Evictions evictions = snapshot.evictions();
            if (evictions != null) {
                action.accept(pool, snapshot, evictions);
            }
        });
    }

    /** What is told of a pool. */
    private interface PoolAction {
        void accept(String pool, FlowSnapshot snapshot, Evictions evictions);
    }
}

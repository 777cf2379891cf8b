package io.weir.telemetry;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.weir.picker.flow.FlowSnapshot;
import io.weir.picker.flow.FlowSnapshot.OfBand;
import io.weir.picker.flow.FlowSnapshot.OfFlow;
import io.weir.picker.flow.FlowSnapshot.Use;
import io.weir.picker.flow.Outcome;
import io.weir.picker.flow.Waiting;
import io.weir.picker.pool.PickerRegistry;
import io.weir.picker.pool.PoolFlowObserver;
import io.weir.resource.ObjectKey;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * Measures the lines in front of pools. What is waiting is read when somebody asks for the metrics;
 * a request that waited costs one addition. Pools without flow control have no series.
 *
 * <p>Clients choose their fairness ids, so only the first thousand of them become labels.
 */
public final class FlowMetrics implements PoolFlowObserver {

    private static final int MOST_FAIRNESS_IDS = 1000;

    private final PrometheusRegistry registry;
    private final ModelLabels models;
    private final Supplier<Map<ObjectKey, FlowSnapshot>> flows;
    private final Set<String> fairnessIds = ConcurrentHashMap.newKeySet();
    private final Histogram waits;
    private final EvictionMetrics evictions;

    private FlowMetrics(
            PrometheusRegistry registry,
            ModelLabels models,
            Supplier<Map<ObjectKey, FlowSnapshot>> flows) {
        this.registry = registry;
        this.models = models;
        this.flows = flows;
        waits =
                Histogram.builder()
                        .name(MetricNames.FLOW_QUEUE_DURATION)
                        .help("How long requests waited in front of saturated pools.")
                        .labelNames(
                                "fairness_id",
                                "priority",
                                "outcome",
                                "inference_pool",
                                "model_name")
                        .classicOnly()
                        .classicUpperBounds(Buckets.array(MetricNames.QUEUE_BUCKETS))
                        .register(registry);
        evictions = new EvictionMetrics(registry, this::eachPool);
    }

    /**
     * Registers the metrics of all pools, and listens to what happens in their lines.
     *
     * @param registry where to
     * @param models which models may be labels
     * @param pickers the pools
     */
    public static void register(
            PrometheusRegistry registry, ModelLabels models, PickerRegistry pickers) {
        FlowMetrics metrics = new FlowMetrics(registry, models, pickers::flows);
        metrics.registerPools();
        metrics.registerBands();
        metrics.registerFlows();
        pickers.observeFlows(metrics);
    }

    @Override
    public void left(ObjectKey pool, Waiting request, Outcome outcome, long waitNanos) {
        waits.labelValues(
                        fairnessLabel(request.fairnessId()),
                        Integer.toString(request.priority()),
                        outcome.label(),
                        pool.name(),
                        models.labelOf(request.model()))
                .observe((double) waitNanos / TimeUnit.SECONDS.toNanos(1));
    }

    @Override
    public void evicted(ObjectKey pool, long nanos) {
        evictions.confirmed(pool, nanos);
    }

    private void registerPools() {
        perPool(
                MetricNames.FLOW_SATURATION,
                "Load of a pool; requests wait from 1 on.",
                FlowSnapshot::saturation);
        perPool(
                MetricNames.FLOW_REQUESTS_USE,
                "Used share of the requests that may wait for a pool, 0..1.",
                snapshot -> requestsShare(snapshot.total()));
        perPool(
                MetricNames.FLOW_BYTES_USE,
                "Used share of the bytes that may wait for a pool, 0..1.",
                snapshot -> bytesShare(snapshot.total()));
    }

    private void registerBands() {
        CounterWithCallback.builder()
                .name(MetricNames.FLOW_REQUESTS)
                .help("Requests that flow control saw, by what became of them.")
                .labelNames("outcome", "priority", "inference_pool")
                .callback(series ->
                        eachBand((pool, band) ->
                                band.outcomes()
                                        .forEach((outcome, count) ->
                                                series.call(
                                                        count,
                                                        outcome.label(),
                                                        Integer.toString(band.priority()),
                                                        pool))))
                .register(registry);
        perBand(
                MetricNames.FLOW_BAND_REQUESTS,
                "Used share of the requests that may wait with one priority, 0..1.",
                band -> requestsShare(band.use()));
        perBand(
                MetricNames.FLOW_BAND_BYTES,
                "Used share of the bytes that may wait with one priority, 0..1.",
                band -> bytesShare(band.use()));
    }

    private void registerFlows() {
        perFlow(
                MetricNames.FLOW_QUEUE_SIZE,
                "Requests that wait in front of saturated pools.",
                OfFlow::requests);
        perFlow(
                MetricNames.FLOW_QUEUE_BYTES,
                "Bytes of the bodies of requests that wait in front of saturated pools.",
                OfFlow::bytes);
    }

    private void perPool(String name, String help, ToDoubleFunction<FlowSnapshot> value) {
        gauge(name, help, "inference_pool")
                .callback(series ->
                        eachPool((pool, snapshot) ->
                                series.call(value.applyAsDouble(snapshot), pool)))
                .register(registry);
    }

    private void perBand(String name, String help, ToDoubleFunction<OfBand> value) {
        gauge(name, help, "priority", "inference_pool")
                .callback(series ->
                        eachBand((pool, band) ->
                                series.call(
                                        value.applyAsDouble(band),
                                        Integer.toString(band.priority()),
                                        pool)))
                .register(registry);
    }

    private void perFlow(String name, String help, ToDoubleFunction<OfFlow> value) {
        gauge(name, help, "fairness_id", "priority", "inference_pool")
                .callback(series ->
                        eachBand((pool, band) ->
                                shares(band, value)
                                        .forEach((id, sum) ->
                                                series.call(
                                                        sum,
                                                        id,
                                                        Integer.toString(band.priority()),
                                                        pool))))
                .register(registry);
    }

    /** Adds up the flows that share a label. */
    private Map<String, Double> shares(OfBand band, ToDoubleFunction<OfFlow> value) {
        Map<String, Double> sums = new LinkedHashMap<>();
        for (OfFlow flow : band.flows()) {
            sums.merge(fairnessLabel(flow.fairnessId()), value.applyAsDouble(flow), Double::sum);
        }
        return sums;
    }

    private void eachPool(BiConsumer<String, FlowSnapshot> action) {
        Set<String> names = new HashSet<>();
        flows.get()
                .forEach((pool, snapshot) -> {
                    boolean first = names.add(pool.name());
                    if (snapshot.on()) {
                        String label = pool.namespace() + "/" + pool.name();
                        action.accept(first ? pool.name() : label, snapshot);
                    }
                });
    }

    private void eachBand(BiConsumer<String, OfBand> action) {
        eachPool((pool, snapshot) -> snapshot.bands().forEach(band -> action.accept(pool, band)));
    }

    private String fairnessLabel(String id) {
        if (fairnessIds.contains(id)) {
            return id;
        }
        if (fairnessIds.size() >= MOST_FAIRNESS_IDS) {
            return MetricNames.OTHER;
        }
        // A few more than the limit when threads come at once do no harm.
        fairnessIds.add(id);
        return id;
    }

    private static GaugeWithCallback.Builder gauge(String name, String help, String... labels) {
        return GaugeWithCallback.builder().name(name).help(help).labelNames(labels);
    }

    private static double requestsShare(Use use) {
        return use.maxRequests() == 0 ? 0 : (double) use.requests() / use.maxRequests();
    }

    private static double bytesShare(Use use) {
        return use.maxBytes() == 0 ? 0 : (double) use.bytes() / use.maxBytes();
    }
}

package io.weir.telemetry;

import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.weir.picker.EndpointSnapshot;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** Gauges of pools and their endpoints, read when somebody asks for the metrics. */
public final class PoolMetrics {

    private final PrometheusRegistry registry;
    private final Supplier<Map<String, List<EndpointSnapshot>>> pools;

    /**
     * Registers the metrics.
     *
     * @param registry where to
     * @param pools what is known of the endpoints of each pool, by the pool's label
     */
    public PoolMetrics(
            PrometheusRegistry registry, Supplier<Map<String, List<EndpointSnapshot>>> pools) {
        this.registry = registry;
        this.pools = pools;
        perPool(
                MetricNames.POOL_KV_CACHE,
                "Use of the KV cache, averaged over the pool's servers, 0..1.",
                endpoints -> average(endpoints, EndpointSnapshot::kvCacheUsage));
        perPool(
                MetricNames.POOL_QUEUE,
                "Requests waiting in a server, averaged over the pool's servers.",
                endpoints -> average(endpoints, EndpointSnapshot::waitingRequests));
        perPool(
                MetricNames.POOL_RUNNING,
                "Requests running in a server, averaged over the pool's servers.",
                endpoints -> average(endpoints, EndpointSnapshot::runningRequests));
        perPool(
                MetricNames.POOL_READY,
                "Servers of the pool that answer.",
                endpoints -> endpoints.stream().filter(EndpointSnapshot::healthy).count());
        perEndpoint(
                MetricNames.POD_QUEUE,
                "Requests waiting in a server.",
                "name",
                "model_server_pod",
                endpoint -> Math.max(0, endpoint.waitingRequests()));
        perEndpoint(
                MetricNames.ENDPOINT_IN_FLIGHT,
                "Requests that this process sent to a server and that are not answered yet.",
                "pool",
                "endpoint",
                EndpointSnapshot::inFlightRequests);
        perEndpoint(
                MetricNames.ENDPOINT_HEALTHY,
                "1 when the last attempts to reach a server succeeded.",
                "pool",
                "endpoint",
                endpoint -> endpoint.healthy() ? 1 : 0);
    }

    private void perPool(String name, String help, ToDoubleFunction<List<EndpointSnapshot>> value) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .labelNames("name")
                .callback(series ->
                        pools.get()
                                .forEach((pool, endpoints) ->
                                        series.call(value.applyAsDouble(endpoints), pool)))
                .register(registry);
    }

    private void perEndpoint(
            String name,
            String help,
            String poolLabel,
            String endpointLabel,
            ToDoubleFunction<EndpointSnapshot> value) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .labelNames(poolLabel, endpointLabel)
                .callback(series ->
                        pools.get()
                                .forEach((pool, endpoints) ->
                                        endpoints.forEach(endpoint ->
                                                series.call(
                                                        value.applyAsDouble(endpoint),
                                                        pool,
                                                        endpoint.endpoint().name()))))
                .register(registry);
    }

    private static double average(
            List<EndpointSnapshot> endpoints, ToDoubleFunction<EndpointSnapshot> value) {
        return endpoints.stream()
                .filter(endpoint -> endpoint.scrapeAgeMillis() >= 0)
                .mapToDouble(value)
                .average()
                .orElse(0);
    }
}

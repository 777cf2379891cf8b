package io.weir.app.picker;

import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.weir.picker.EndpointSnapshot;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * Gauges of the pool that only the newer reference has, read when somebody asks for the metrics.
 */
final class PickerPoolMetrics {

    private static final String PREFIX = "llm_d_epp_";

    private final PrometheusRegistry registry;
    private final Supplier<Map<String, List<EndpointSnapshot>>> pools;

    private PickerPoolMetrics(
            PrometheusRegistry registry, Supplier<Map<String, List<EndpointSnapshot>>> pools) {
        this.registry = registry;
        this.pools = pools;
    }

    static void register(
            PrometheusRegistry registry, Supplier<Map<String, List<EndpointSnapshot>>> pools) {
        PickerPoolMetrics metrics = new PickerPoolMetrics(registry, pools);
        metrics.deviation(
                "std_dev_kv_cache_utilization", "the KV cache", EndpointSnapshot::kvCacheUsage);
        metrics.deviation("std_dev_queue_size", "the queue", EndpointSnapshot::waitingRequests);
        metrics.deviation(
                "std_dev_running_requests",
                "the requests that run",
                EndpointSnapshot::runningRequests);
        metrics.inFlight(
                "inflight_requests",
                "Requests that were sent to a server and are not answered yet.",
                EndpointSnapshot::inFlightRequests);
        metrics.inFlight(
                "inflight_tokens",
                "Estimated tokens of these requests.",
                EndpointSnapshot::inFlightTokens);
    }

    private void deviation(String name, String what, ToDoubleFunction<EndpointSnapshot> value) {
        GaugeWithCallback.builder()
                .name(PREFIX + name)
                .help("Standard deviation of " + what + " among the pool's servers.")
                .labelNames("name")
                .callback(series ->
                        pools.get()
                                .forEach((pool, endpoints) ->
                                        series.call(deviation(endpoints, value), pool)))
                .register(registry);
    }

    private void inFlight(String name, String help, ToDoubleFunction<EndpointSnapshot> value) {
        GaugeWithCallback.builder()
                .name(PREFIX + name)
                .help(help)
                .labelNames("endpoint_name", "namespace", "producer_name")
                .callback(series ->
                        pools.get()
                                .values()
                                .forEach(endpoints ->
                                        endpoints.forEach(endpoint -> {
                                            EndpointLabels labels =
                                                    EndpointLabels.of(endpoint.endpoint());
                                            series.call(
                                                    value.applyAsDouble(endpoint),
                                                    labels.name(),
                                                    labels.namespace(),
                                                    "inflight-load-producer");
                                        })))
                .register(registry);
    }

    /** Of all servers, not of a sample of them. */
    private static double deviation(
            List<EndpointSnapshot> endpoints, ToDoubleFunction<EndpointSnapshot> value) {
        double[] values =
                endpoints.stream()
                        .filter(endpoint -> endpoint.scrapeAgeMillis() >= 0)
                        .mapToDouble(value)
                        .filter(number -> !Double.isNaN(number))
                        .toArray();
        if (values.length == 0) {
            return 0;
        }
        double sum = 0;
        for (double one : values) {
            sum += one;
        }
        double mean = sum / values.length;
        double squares = 0;
        for (double one : values) {
            squares += (one - mean) * (one - mean);
        }
        return Math.sqrt(squares / values.length);
    }
}

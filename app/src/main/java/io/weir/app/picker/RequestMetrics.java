package io.weir.app.picker;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.weir.picker.Endpoint;
import io.weir.picker.RequestHeaders;
import io.weir.telemetry.ExchangeObserver;
import io.weir.telemetry.ExchangeRecord;
import io.weir.telemetry.ModelLabels;

/** Requests that run, and picks by what came of them, under the names of the reference. */
final class RequestMetrics implements ExchangeObserver {

    /** Endpoints times models would be many series. */
    private static final int MOST_TARGETS = 100;

    /** Those of the reference, and four below its first. */
    private static final double[] PROCESSING_BUCKETS = {
        0.00005, 0.0001, 0.0002, 0.0003, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2,
        0.5, 1, 2, 5, 10
    };

    private final ModelLabels models;
    private final ModelLabels targets = new ModelLabels(MOST_TARGETS);
    private final ExchangeObserver next;
    private final Gauge running;
    private final Counter attempts;
    private final Histogram processing;

    /**
     * Registers the metrics.
     *
     * @param models which models may be labels
     * @param next is told of the same
     */
    RequestMetrics(PrometheusRegistry registry, ModelLabels models, ExchangeObserver next) {
        this.models = models;
        this.next = next;
        running =
                Gauge.builder()
                        .name("inference_objective_running_requests")
                        .help("Requests that have an endpoint and are not finished.")
                        .labelNames("model_name")
                        .register(registry);
        attempts =
                Counter.builder()
                        .name("llm_d_epp_scheduler_attempts_total")
                        .help("Picks by what came of them, and the endpoint.")
                        .labelNames(
                                "status", "target_model_name", "endpoint_name", "namespace", "port")
                        .register(registry);
        processing =
                Histogram.builder()
                        .name("llm_d_epp_request_processing_duration_seconds")
                        .help(
                                "Time from a request's headers to the reply that says where it"
                                        + " goes, its body read and given back.")
                        .classicOnly()
                        .classicUpperBounds(PROCESSING_BUCKETS)
                        .register(registry);
    }

    @Override
    public void begun(ExchangeRecord exchange, RequestHeaders headers) {
        next.begun(exchange, headers);
    }

    @Override
    public void picked(ExchangeRecord exchange) {
        running.labelValues(models.labelOf(exchange.model)).inc();
        count(exchange);
        next.picked(exchange);
    }

    @Override
    public void completed(ExchangeRecord exchange) {
        if (exchange.pickedNanos != 0) {
            running.labelValues(models.labelOf(exchange.model)).dec();
        } else if (exchange.pool != null && exchange.status >= 429) {
            attempts.labelValues("failure", target(exchange), "", "", "").inc();
        }
        if (exchange.repliedNanos != 0) {
            processing.observe((exchange.repliedNanos - exchange.receivedNanos) / 1e9);
        }
        next.completed(exchange);
    }

    private void count(ExchangeRecord exchange) {
        Endpoint endpoint = exchange.endpoint;
        if (endpoint == null) {
            return;
        }
        EndpointLabels labels = EndpointLabels.of(endpoint);
        attempts.labelValues(
                        "success",
                        target(exchange),
                        labels.name(),
                        labels.namespace(),
                        Integer.toString(endpoint.port()))
                .inc();
    }

    private String target(ExchangeRecord exchange) {
        String target = exchange.targetModel;
        return targets.labelOf(target == null ? exchange.model : target);
    }
}

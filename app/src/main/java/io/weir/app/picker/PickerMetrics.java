package io.weir.app.picker;

import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.weir.telemetry.ExchangeObserver;
import io.weir.telemetry.ExchangeRecord;

import java.util.function.IntSupplier;

/** Metrics of the process, under the names of the reference. */
final class PickerMetrics {

    /** Those of the reference, and four below its first. */
    private static final double[] PROCESSING_BUCKETS = {
        0.00005, 0.0001, 0.0002, 0.0003, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2,
        0.5, 1, 2, 5, 10
    };

    private final Histogram processing;

    PickerMetrics(PrometheusRegistry registry, IntSupplier openStreams) {
        Gauge.builder()
                .name("inference_extension_info")
                .help("What runs.")
                .labelNames("commit", "build_ref")
                .register(registry)
                .labelValues("", "weir")
                .set(1);
        GaugeWithCallback.builder()
                .name("llm_d_epp_extproc_streams_inflight")
                .help("Requests that are not finished.")
                .callback(series -> series.call(openStreams.getAsInt()))
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

    /** Returns what measures every request, and has the next one see it. */
    ExchangeObserver followedBy(ExchangeObserver next) {
        return exchange -> {
            measure(exchange);
            next.completed(exchange);
        };
    }

    private void measure(ExchangeRecord exchange) {
        if (exchange.repliedNanos != 0) {
            processing.observe((exchange.repliedNanos - exchange.receivedNanos) / 1e9);
        }
    }
}

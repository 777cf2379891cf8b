package io.weir.app.picker;

import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

import java.util.function.IntSupplier;

/** Metrics of the process, under the names of the reference. */
final class PickerMetrics {

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
    }
}

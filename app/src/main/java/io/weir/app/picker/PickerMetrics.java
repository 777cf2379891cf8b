package io.weir.app.picker;

import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.weir.app.extproc.Serving;

import org.jspecify.annotations.Nullable;

import java.util.function.Supplier;

/** Metrics of the process, under the names of the reference. */
final class PickerMetrics {

    PickerMetrics(PrometheusRegistry registry, Supplier<@Nullable Serving> serving) {
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
                .callback(series -> {
                    Serving ports = serving.get();
                    series.call(ports == null ? 0 : ports.openStreams());
                })
                .register(registry);
    }
}

package io.weir.app.picker;

import io.grpc.Status;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/** Metrics of the process, under the names of the reference. */
final class PickerMetrics {

    private static final double[] STREAM_SECONDS = {
        0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3600
    };

    private final Counter streams;
    private final Histogram streamSeconds;

    /**
     * Registers the metrics.
     *
     * @param openStreams requests that are not finished
     * @param failedScrapes how often servers did not answer since the start
     */
    PickerMetrics(
            PrometheusRegistry registry, IntSupplier openStreams, LongSupplier failedScrapes) {
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
        CounterWithCallback.builder()
                .name("llm_d_inference_scheduler_datalayer_poll_errors_total")
                .help("Questions that servers did not answer, or with an error.")
                .labelNames("source_type")
                .callback(series ->
                        series.call((double) failedScrapes.getAsLong(), "metrics-data-source"))
                .register(registry);
        streams =
                Counter.builder()
                        .name("llm_d_epp_extproc_streams_total")
                        .help("Streams by how they ended.")
                        .labelNames("code")
                        .register(registry);
        streamSeconds =
                Histogram.builder()
                        .name("llm_d_epp_extproc_stream_duration_seconds")
                        .help("How long streams were open.")
                        .classicOnly()
                        .classicUpperBounds(STREAM_SECONDS)
                        .register(registry);
    }

    void streamClosed(Status.Code code, long nanos) {
        streams.labelValues(word(code)).inc();
        streamSeconds.observe((double) nanos / TimeUnit.SECONDS.toNanos(1));
    }

    /** Returns the code as Go writes it, for instance {@code DeadlineExceeded}. */
    private static String word(Status.Code code) {
        return switch (code) {
            case OK -> "OK";
            case CANCELLED -> "Canceled";
            default ->
                    Arrays.stream(code.name().split("_", -1))
                            .map(part ->
                                    part.charAt(0) + part.substring(1).toLowerCase(Locale.ROOT))
                            .collect(Collectors.joining());
        };
    }
}

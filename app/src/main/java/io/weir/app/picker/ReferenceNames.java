package io.weir.app.picker;

import static java.util.Map.entry;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Shows metrics a second time under the names that newer releases of the reference give them, so
 * that dashboards of either age go on working. Costs nothing but when somebody looks.
 */
final class ReferenceNames {

    private static final String NEW = "llm_d_epp_";
    private static final String OBJECTIVE = "inference_objective_";
    private static final String POOL = "inference_pool_";
    private static final String EXTENSION = "inference_extension_";

    /** Without the endings that the text format adds to counters. */
    private static final Map<String, List<String>> TWINS =
            Map.ofEntries(
                    entry(OBJECTIVE + "request", List.of(NEW + "request")),
                    entry(OBJECTIVE + "request_error", List.of(NEW + "request_error")),
                    entry(
                            OBJECTIVE + "request_duration_seconds",
                            List.of(NEW + "request_duration_seconds")),
                    entry(OBJECTIVE + "request_sizes", List.of(NEW + "request_size_bytes")),
                    entry(OBJECTIVE + "response_sizes", List.of(NEW + "response_size_bytes")),
                    entry(OBJECTIVE + "input_tokens", List.of(NEW + "request_input_tokens")),
                    entry(OBJECTIVE + "output_tokens", List.of(NEW + "request_output_tokens")),
                    entry(
                            OBJECTIVE + "prompt_cached_tokens",
                            List.of(NEW + "request_cached_tokens")),
                    entry(
                            OBJECTIVE + "normalized_time_per_output_token_seconds",
                            List.of(NEW + "request_ntpot_seconds")),
                    entry(
                            OBJECTIVE + "request_ttft_seconds",
                            List.of(NEW + "request_ttft_seconds")),
                    entry(
                            OBJECTIVE + "request_tpot_seconds",
                            List.of(NEW + "request_streaming_tpot_seconds")),
                    entry(
                            EXTENSION + "model_rewrite_decisions",
                            List.of(NEW + "model_rewrite_decisions")),
                    entry(OBJECTIVE + "running_requests", List.of(NEW + "request_running")),
                    entry(NEW + "scheduler_attempts", List.of(EXTENSION + "scheduler_attempts")),
                    entry(
                            "llm_d_inference_scheduler_datalayer_poll_errors",
                            List.of(NEW + "datalayer_poll_errors")),
                    entry(EXTENSION + "info", List.of(NEW + "info")),
                    entry(
                            POOL + "average_kv_cache_utilization",
                            List.of(NEW + "average_kv_cache_utilization")),
                    entry(POOL + "average_queue_size", List.of(NEW + "average_queue_size")),
                    entry(
                            POOL + "average_running_requests",
                            List.of(NEW + "average_running_requests")),
                    entry(POOL + "ready_pods", List.of(NEW + "ready_endpoints")),
                    entry(POOL + "per_pod_queue_size", List.of(NEW + "per_endpoint_queue_size")),
                    entry(
                            "weir_pick_duration_seconds",
                            List.of(
                                    EXTENSION + "scheduler_e2e_duration_seconds",
                                    NEW + "scheduler_e2e_duration_seconds")));

    /** All metrics of flow control kept their names behind the prefix. */
    private static final String FLOWS = "flow_control_";

    private static final Map<String, String> LABELS =
            Map.of("model_server_pod", "model_server_endpoint", "endpoint_name", "pod_name");

    /** Labels that newer releases add, with what they say of all that is told here. */
    private static final Map<String, Labels> ADDED =
            Map.of(NEW + FLOWS + "pool_saturation", Labels.of("stage", "effective"));

    private ReferenceNames() {}

    /** Returns the metrics and their twins. */
    static MetricSnapshots added(MetricSnapshots metrics) {
        List<MetricSnapshot> all = new ArrayList<>();
        for (MetricSnapshot metric : metrics) {
            all.add(metric);
            for (String name : names(metric.getMetadata().getName())) {
                MetricSnapshot twin = twin(metric, name);
                if (twin != null) {
                    all.add(twin);
                }
            }
        }
        return new MetricSnapshots(all);
    }

    private static List<String> names(String name) {
        return name.startsWith(EXTENSION + FLOWS)
                ? List.of(NEW + name.substring(EXTENSION.length()))
                : TWINS.getOrDefault(name, List.of());
    }

    private static @Nullable MetricSnapshot twin(MetricSnapshot metric, String name) {
        MetricMetadata metadata = new MetricMetadata(name, metric.getMetadata().getHelp());
        return switch (metric) {
            case CounterSnapshot counter ->
                    new CounterSnapshot(
                            metadata,
                            counter.getDataPoints().stream()
                                    .map(point ->
                                            new CounterDataPointSnapshot(
                                                    point.getValue(),
                                                    labels(name, point.getLabels()),
                                                    null,
                                                    0))
                                    .toList());
            case GaugeSnapshot gauge ->
                    new GaugeSnapshot(
                            metadata,
                            gauge.getDataPoints().stream()
                                    .map(point ->
                                            new GaugeDataPointSnapshot(
                                                    point.getValue(),
                                                    labels(name, point.getLabels()),
                                                    null))
                                    .toList());
            case HistogramSnapshot histogram ->
                    new HistogramSnapshot(metadata, histogram.getDataPoints());
            default -> null;
        };
    }

    private static Labels labels(String metric, Labels labels) {
        List<String> names =
                labels.stream()
                        .map(label -> LABELS.getOrDefault(label.getName(), label.getName()))
                        .toList();
        List<String> values = labels.stream().map(label -> label.getValue()).toList();
        return Labels.of(names, values).merge(ADDED.getOrDefault(metric, Labels.EMPTY));
    }
}

package io.weir.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.weir.picker.Endpoint;
import io.weir.picker.PickRequest;
import io.weir.picker.PickResult;
import io.weir.picker.PickResult.Picked;
import io.weir.picker.PickerSettings;
import io.weir.picker.Reservation;
import io.weir.picker.flow.FlowSnapshot;
import io.weir.picker.pool.EndpointWatch;
import io.weir.picker.pool.PickerRegistry;
import io.weir.picker.pool.PoolSpec;
import io.weir.resource.ObjectKey;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

class FlowMetricsTest {

    private static final String PREFIX = "inference_extension_flow_control_";
    private static final PickerSettings ONE_AT_A_TIME =
            new PickerSettings(
                    """
                    apiVersion: llm-d.ai/v1alpha1
                    kind: EndpointPickerConfig
                    featureGates: [flowControl]
                    plugins:
                    - type: concurrency-detector
                      parameters: {maxConcurrency: 1}
                    flowControl:
                      maxRequests: 4
                      defaultRequestTTL: 60s
                      saturationDetector: {pluginRef: concurrency-detector}
                      priorityBands:
                      - {priority: 0, maxRequests: 2}
                    """,
                    "test");
    private static final Endpoint ENDPOINT = new Endpoint("pod", "pod", "10.0.0.1", 8000, Map.of());
    private static final ObjectKey POOL = new ObjectKey("", "InferencePool", "default", "llama");
    private static final ObjectKey OTHER = new ObjectKey("", "InferencePool", "other", "llama");

    private final PrometheusRegistry metrics = new PrometheusRegistry();
    private final PickerRegistry pickers = PickerRegistry.create(EndpointWatch.NONE);
    private final ModelLabels models = new ModelLabels();

    @BeforeEach
    void register() {
        models.know(Set.of("m"));
        FlowMetrics.register(metrics, models, pickers);
        serve(POOL);
    }

    @AfterEach
    void close() {
        pickers.close();
    }

    private void serve(ObjectKey... pools) {
        Map<ObjectKey, PoolSpec> specs = new LinkedHashMap<>();
        for (ObjectKey pool : pools) {
            specs.put(pool, new PoolSpec(List.of(ENDPOINT), ONE_AT_A_TIME));
        }
        assertThat(pickers.apply(specs)).isEmpty();
    }

    private PickResult ask(String fairnessId) {
        return pickers.forPool(POOL).pick(PickRequest.forModel("m").fairnessId(fairnessId).build());
    }

    /** Returns the series in the text format, without histograms' buckets. */
    private String page() {
        StringBuilder page = new StringBuilder();
        metrics.scrape()
                .forEach(metric ->
                        metric.getDataPoints()
                                .forEach(point -> {
                                    String labels =
                                            point.getLabels().stream()
                                                    .map(label ->
                                                            label.getName()
                                                                    + "=\""
                                                                    + label.getValue()
                                                                    + "\"")
                                                    .collect(Collectors.joining(",", "{", "}"));
                                    page.append(metric.getMetadata().getName().replace(PREFIX, ""))
                                            .append(labels)
                                            .append(' ')
                                            .append(value(point))
                                            .append('\n');
                                }));
        return page.toString();
    }

    private static double value(DataPointSnapshot point) {
        return switch (point) {
            case GaugeDataPointSnapshot gauge -> gauge.getValue();
            case CounterDataPointSnapshot counter -> counter.getValue();
            case HistogramDataPointSnapshot histogram -> histogram.getCount();
            default -> throw new AssertionError(point);
        };
    }

    @Test
    void showsWhoWaitsAndHowMuchRoomIsLeft() {
        ask("a");
        ask("b");

        assertThat(page())
                .contains("queue_size{fairness_id=\"b\",inference_pool=\"llama\",priority=\"0\"} 1")
                .contains("pool_saturation{inference_pool=\"llama\"} 1")
                .contains(
                        "capacity_utilization_requests{inference_pool=\"llama\",priority=\"0\"} 0.5")
                .contains("global_capacity_utilization_requests{inference_pool=\"llama\"} 0.25");
    }

    @Test
    void countsWhatBecameOfRequestsAndHowLongTheyWaited() {
        ask("a");
        PickResult second = ask("b");
        assertThat(second).isInstanceOf(PickResult.Queued.class);
        if (second instanceof PickResult.Queued(var ticket)) {
            ticket.cancel();
        }

        assertThat(page())
                .contains(
                        "requests{inference_pool=\"llama\","
                                + "outcome=\"EvictedContextCancelled\",priority=\"0\"} 1")
                .contains(
                        "request_queue_duration_seconds{fairness_id=\"b\","
                                + "inference_pool=\"llama\",model_name=\"m\","
                                + "outcome=\"EvictedContextCancelled\",priority=\"0\"} 1");
    }

    @Test
    void countsWhatIsBrokenOffForMoreImportantRequests() {
        // Given
        String rules = ONE_AT_A_TIME.configText();
        PickerSettings evicting =
                new PickerSettings(
                        String.valueOf(rules).replace("maxRequests: 4", "enableEviction: true"),
                        "test");
        pickers.apply(Map.of(POOL, new PoolSpec(List.of(ENDPOINT), evicting)));
        Reservation victim = ((Picked) ask(-1)).reservation();

        // When
        ask(3);
        assertThat(page()).contains("pending_reclaim{inference_pool=\"llama\"} 1.0");
        victim.release(Reservation.End.CANCELLED, -1);

        // Then
        assertThat(page())
                .contains("revocations_issued{inference_pool=\"llama\",priority=\"3\"} 1")
                .contains("revocations{inference_pool=\"llama\",outcome=\"confirmed\"} 1")
                .contains("revocations{inference_pool=\"llama\",outcome=\"timed_out\"} 0")
                .contains("reclaim_target{inference_pool=\"llama\"} 0")
                .contains("revocation_confirmation_seconds{inference_pool=\"llama\"} 1");
    }

    private PickResult ask(int priority) {
        return pickers.forPool(POOL).pick(PickRequest.forModel("m").priority(priority).build());
    }

    @Test
    void poolsWithoutFlowControlHaveNoSeriesAndCostNothing() {
        pickers.apply(Map.of(POOL, new PoolSpec(List.of(ENDPOINT), PickerSettings.DEFAULT)));

        assertThat(page()).isEmpty();
        assertThat(pickers.flows().get(POOL)).isSameAs(FlowSnapshot.OFF);
    }

    @Test
    void poolsOfOneNameAreToldApart() {
        serve(POOL, OTHER);

        assertThat(page())
                .contains("pool_saturation{inference_pool=\"llama\"}")
                .containsPattern("pool_saturation\\{inference_pool=\"(other|default)/llama\"}");
    }

    @Test
    void theThousandthAndFirstFairnessIdIsNoLabel() {
        ask("first");
        for (int i = 0; i <= 1000; i++) {
            PickResult result = ask("id-" + i);
            if (result instanceof PickResult.Queued(var ticket)) {
                ticket.cancel();
            }
        }

        assertThat(page())
                .contains("fairness_id=\"id-999\"")
                .doesNotContain("fairness_id=\"id-1000\"");
        assertThat(page()).contains("fairness_id=\"other\"");
    }
}

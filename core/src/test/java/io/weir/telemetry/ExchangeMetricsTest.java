package io.weir.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.weir.body.Usage;
import io.weir.resource.ObjectKey;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.Set;

class ExchangeMetricsTest {

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final ModelLabels models = new ModelLabels();
    private final ExchangeMetrics metrics = new ExchangeMetrics(registry, models);

    @BeforeEach
    void knowModels() {
        models.know(Set.of("movie-guide", "ski-resorts"));
    }

    @Test
    void countsARequestUnderTheModelAskedForAndTheOneThatAnswered() {
        ExchangeRecord exchange = streamed();

        metrics.completed(exchange);
        metrics.completed(exchange);

        assertThat(counter("inference_objective_request", modelLabels("priority", "0")))
                .isEqualTo(2);
        assertThat(
                        counter(
                                "weir_requests",
                                Labels.of(
                                        "gateway",
                                        "default/inference-gateway",
                                        "listener",
                                        "http",
                                        "route",
                                        "",
                                        "pool",
                                        "pool-a",
                                        "code",
                                        "200")))
                .isEqualTo(2);
    }

    @Test
    void measuresTimeToTheFirstTokenAndBetweenTokensOfAStream() {
        metrics.completed(streamed());

        // 100 ms to the first byte, then 10 more tokens in 200 ms, 400 ms in all
        assertThat(sum("inference_objective_request_ttft_seconds")).isEqualTo(0.1);
        assertThat(sum("inference_objective_request_tpot_seconds")).isEqualTo(0.02);
        assertThat(sum("inference_objective_request_duration_seconds")).isEqualTo(0.4);
        assertThat(sum("inference_objective_output_tokens")).isEqualTo(11);
    }

    @Test
    void doesNotLetClientsInventSeries() {
        for (int i = 0; i < 1000; i++) {
            ExchangeRecord exchange = streamed();
            exchange.model = "made-up-" + i;
            exchange.targetModel = "made-up-" + i;
            metrics.completed(exchange);
        }

        assertThat(
                        counter(
                                "inference_objective_request",
                                Labels.of(
                                        "model_name",
                                        "other",
                                        "target_model_name",
                                        "other",
                                        "priority",
                                        "0")))
                .isEqualTo(1000);
    }

    @Test
    void namesTheKindOfFailure() {
        ExchangeRecord exchange = streamed();
        exchange.status = 429;

        metrics.completed(exchange);

        assertThat(
                        counter(
                                "inference_objective_request_error",
                                modelLabels("error_code", "ResourceExhausted")))
                .isEqualTo(1);
    }

    private static Labels modelLabels(String name, String value) {
        return Labels.of(
                "model_name", "movie-guide", "target_model_name", "ski-resorts", name, value);
    }

    private static ExchangeRecord streamed() {
        ExchangeRecord exchange = new ExchangeRecord();
        exchange.gateway = "default/inference-gateway";
        exchange.listener = "http";
        exchange.pool =
                new ObjectKey("inference.networking.k8s.io", "InferencePool", "default", "pool-a");
        exchange.model = "movie-guide";
        exchange.targetModel = "ski-resorts";
        exchange.status = 200;
        exchange.streamed = true;
        exchange.receivedNanos = 1;
        exchange.firstByteNanos = 100_000_001;
        exchange.lastChunkNanos = 300_000_001;
        exchange.endNanos = 400_000_001;
        exchange.usage = new Usage(7, 11, 18, -1);
        return exchange;
    }

    private double counter(String name, Labels labels) {
        return snapshot(name, CounterSnapshot.class).getDataPoints().stream()
                .filter(point -> point.getLabels().equals(labels))
                .findFirst()
                .orElseThrow()
                .getValue();
    }

    private double sum(String name) {
        return snapshot(name, HistogramSnapshot.class).getDataPoints().getFirst().getSum();
    }

    private <T extends MetricSnapshot> T snapshot(String name, Class<T> type) {
        return registry.scrape(name::equals).stream().map(type::cast).findFirst().orElseThrow();
    }
}

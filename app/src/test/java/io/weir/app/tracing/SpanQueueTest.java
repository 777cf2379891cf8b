package io.weir.app.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.weir.app.tracing.TraceSettings.Batches;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Semaphore;

class SpanQueueTest {

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final Slow exporter = new Slow();
    private final SpanQueue queue =
            SpanQueue.start(exporter, new Batches(10, 5, Duration.ofMillis(20)), registry);
    private final SdkTracerProvider provider =
            SdkTracerProvider.builder().addSpanProcessor(queue).build();
    private final Tracer tracer = provider.get("test");

    /** Exports a batch for each permit. */
    private static final class Slow implements SpanExporter {
        final Semaphore permits = new Semaphore(0);
        final List<Integer> batches = new ArrayList<>();
        volatile boolean fails;

        @Override
        public CompletableResultCode export(Collection<SpanData> spans) {
            permits.acquireUninterruptibly();
            synchronized (batches) {
                batches.add(spans.size());
            }
            return fails ? CompletableResultCode.ofFailure() : CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode flush() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode shutdown() {
            return CompletableResultCode.ofSuccess();
        }
    }

    @AfterEach
    void close() {
        exporter.permits.release(1000);
        provider.close();
    }

    private void end(int spans) {
        for (int i = 0; i < spans; i++) {
            tracer.spanBuilder("s").startSpan().end();
        }
    }

    private double count(String outcome) {
        return registry.scrape().stream()
                .filter(metric -> metric.getMetadata().getName().equals("weir_trace_spans"))
                .flatMap(metric -> ((CounterSnapshot) metric).getDataPoints().stream())
                .filter(point -> outcome.equals(point.getLabels().get("outcome")))
                .mapToDouble(CounterSnapshot.CounterDataPointSnapshot::getValue)
                .sum();
    }

    @Test
    void aFullQueueDropsAndCountsWhileTheExporterHangs() {
        end(5);
        await().until(exporter.permits::hasQueuedThreads);

        end(30);
        assertThat(count("dropped")).isEqualTo(20);

        exporter.permits.release(1000);
        await().until(() -> count("exported") == 15);
        assertThat(exporter.batches).allMatch(size -> size <= 5);
    }

    @Test
    void aFewSpansAreExportedAfterTheDelay() {
        exporter.permits.release(1000);
        end(2);
        await().until(() -> count("exported") == 2);
    }

    @Test
    void whatFailsIsCounted() {
        exporter.fails = true;
        exporter.permits.release(1000);
        end(3);
        await().until(() -> count("failed") == 3);
    }

    @Test
    void countingDoesNotLookForSpans() {
        String name = "io/prometheus/metrics/tracer/otel/OpenTelemetrySpanContext.class";
        assertThat(getClass().getClassLoader().getResource(name)).isNull();
    }

    @Test
    void whatWaitsIsExportedAtTheEnd() {
        exporter.permits.release(1000);
        end(4);
        provider.close();
        assertThat(count("exported")).isEqualTo(4);
    }
}

package io.weir.app.tracing;

import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.weir.app.tracing.TraceSettings.Batches;
import io.weir.telemetry.MetricNames;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Spans that wait for their export. Whoever ends a span puts it into the queue, without a lock, or
 * drops it when the queue is full; a virtual thread exports batches. Every span is counted once:
 * exported, failed or dropped.
 */
final class SpanQueue implements SpanProcessor {

    private static final Logger LOG = LoggerFactory.getLogger(SpanQueue.class);
    private static final long EXPORT_SECONDS = 30;
    private static final Duration CLOSING = Duration.ofSeconds(5);
    private static final long BETWEEN_LINES_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final SpanExporter exporter;
    private final Batches batches;
    private final Queue<ReadableSpan> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final CounterDataPoint exported;
    private final CounterDataPoint failed;
    private final CounterDataPoint dropped;
    private final Thread writer;

    /** Held, for loggers that nobody holds forget their level. */
    private final java.util.logging.Logger exporterLog =
            java.util.logging.Logger.getLogger("io.opentelemetry");

    private volatile boolean closed;
    private long complainedNanos;

    private SpanQueue(SpanExporter exporter, Batches batches, PrometheusRegistry registry) {
        this.exporter = exporter;
        this.batches = batches;
        Counter spans =
                Counter.builder()
                        .name(MetricNames.TRACE_SPANS)
                        .help("Spans of traces by what became of them.")
                        .labelNames("outcome")
                        .register(registry);
        exported = spans.labelValues("exported");
        failed = spans.labelValues("failed");
        dropped = spans.labelValues("dropped");
        complainedNanos = System.nanoTime() - BETWEEN_LINES_NANOS;
        writer = Thread.ofVirtual().name("traces").unstarted(this::write);
    }

    static SpanQueue start(SpanExporter exporter, Batches batches, PrometheusRegistry registry) {
        SpanQueue spans = new SpanQueue(exporter, batches, registry);
        // Failures are told here; the exporter would tell them past the program's own log.
        spans.exporterLog.setLevel(java.util.logging.Level.OFF);
        spans.writer.start();
        return spans;
    }

    @Override
    public void onStart(Context parentContext, ReadWriteSpan span) {}

    @Override
    public boolean isStartRequired() {
        return false;
    }

    @Override
    public boolean isEndRequired() {
        return true;
    }

    @Override
    public void onEnd(ReadableSpan span) {
        if (!span.getSpanContext().isSampled()) {
            return;
        }
        int now = waiting.incrementAndGet();
        if (now > batches.most()) {
            waiting.decrementAndGet();
            dropped.inc();
            return;
        }
        queue.add(span);
        if (now == batches.size()) {
            LockSupport.unpark(writer);
        }
    }

    private void write() {
        while (!closed || waiting.get() > 0) {
            if (!closed && waiting.get() < batches.size()) {
                LockSupport.parkNanos(batches.delay().toNanos());
            }
            List<SpanData> batch = batch();
            if (!batch.isEmpty()) {
                export(batch);
            }
        }
    }

    private List<SpanData> batch() {
        List<SpanData> batch = new ArrayList<>();
        while (batch.size() < batches.size()) {
            ReadableSpan span = queue.poll();
            if (span == null) {
                break;
            }
            waiting.decrementAndGet();
            batch.add(span.toSpanData());
        }
        return batch;
    }

    private void export(List<SpanData> batch) {
        try {
            CompletableResultCode result = exporter.export(batch);
            result.join(EXPORT_SECONDS, TimeUnit.SECONDS);
            if (result.isSuccess()) {
                exported.inc(batch.size());
                return;
            }
            failed(batch.size(), String.valueOf(result.getFailureThrowable()));
        } catch (RuntimeException e) {
            failed(batch.size(), e.toString());
        }
    }

    private void failed(int spans, String reason) {
        failed.inc(spans);
        long now = System.nanoTime();
        if (now - complainedNanos >= BETWEEN_LINES_NANOS) {
            complainedNanos = now;
            LOG.atWarn()
                    .addKeyValue("spans", spans)
                    .addKeyValue("reason", reason)
                    .log("traces can't be exported; told once a minute at most");
        }
    }

    @Override
    public CompletableResultCode shutdown() {
        closed = true;
        LockSupport.unpark(writer);
        try {
            writer.join(CLOSING);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return exporter.shutdown();
    }

    @Override
    public CompletableResultCode forceFlush() {
        LockSupport.unpark(writer);
        return CompletableResultCode.ofSuccess();
    }
}

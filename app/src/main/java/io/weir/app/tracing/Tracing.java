package io.weir.app.tracing;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.weir.app.CommandFailure;
import io.weir.app.tracing.TraceSettings.Exporter;
import io.weir.picker.RequestHeaders;
import io.weir.telemetry.ExchangeObserver;
import io.weir.telemetry.ExchangeRecord;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The traces of the program, if there are any. */
public final class Tracing implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Tracing.class);

    private final @Nullable SpanMaker spans;

    private Tracing(@Nullable SpanMaker spans) {
        this.spans = spans;
    }

    /**
     * Begins to trace, when the options say so.
     *
     * @param registry where what becomes of spans is counted
     * @throws CommandFailure when a certificate can't be read
     */
    public static Tracing open(TraceOptions options, TraceRole role, PrometheusRegistry registry)
            throws CommandFailure {
        TraceEnvironment environment =
                new TraceEnvironment(options.environment(), role, Tracing::complain);
        TraceSettings settings = environment.settings(options.asked());
        if (settings.exporter() == Exporter.NONE) {
            return new Tracing(null);
        }
        LOG.atInfo()
                .addKeyValue("exporter", settings.exporter())
                .addKeyValue("collector", settings.collector())
                .addKeyValue("sampler", settings.sampler())
                .addKeyValue("ratio", settings.ratio())
                .log("requests are traced");
        return new Tracing(SpanMaker.open(settings, role, registry));
    }

    private static void complain(String what) {
        LOG.atWarn().log(what);
    }

    /** Returns an observer that traces requests; null when none are. */
    public @Nullable ExchangeObserver observer() {
        return spans == null ? null : new Traced(spans, ExchangeObserver.NONE);
    }

    /** Returns an observer that traces requests, if any are, and calls another one. */
    public ExchangeObserver around(ExchangeObserver next) {
        return spans == null ? next : new Traced(spans, next);
    }

    private record Traced(SpanMaker spans, ExchangeObserver next) implements ExchangeObserver {

        @Override
        public void begun(ExchangeRecord exchange, RequestHeaders headers) {
            exchange.trace = spans.begin(exchange, headers);
            next.begun(exchange, headers);
        }

        @Override
        public void picked(ExchangeRecord exchange) {
            next.picked(exchange);
        }

        @Override
        public void completed(ExchangeRecord exchange) {
            if (exchange.trace != null) {
                exchange.trace.ended(exchange);
            }
            next.completed(exchange);
        }
    }

    /** Exports what still waits, for a few seconds at most. */
    @Override
    public void close() {
        if (spans != null) {
            spans.close();
        }
    }
}

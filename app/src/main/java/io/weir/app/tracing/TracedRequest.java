package io.weir.app.tracing;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.weir.telemetry.ExchangeRecord;
import io.weir.telemetry.TraceHeaders;

import java.util.concurrent.TimeUnit;

/**
 * The span of a request, and what all roles do with it.
 *
 * @param joins whether it is part of a trace that others began
 */
record TracedRequest(Tracer tracer, Span span, SpanTimes times, boolean joins) {

    static final String TRACEPARENT = "traceparent";
    private static final String TRACESTATE = "tracestate";

    String traceId() {
        return span.getSpanContext().getTraceId();
    }

    /** Begins a span within the request. */
    Span child(String name, SpanKind kind, long startNanos) {
        return tracer.spanBuilder(name)
                .setParent(Context.root().with(span))
                .setSpanKind(kind)
                .setStartTimestamp(times.epochNanos(startNanos), TimeUnit.NANOSECONDS)
                .startSpan();
    }

    void end(Span ended, long nanos) {
        ended.end(times.epochNanos(nanos), TimeUnit.NANOSECONDS);
    }

    /**
     * Makes a span the parent of what the receiver of the headers does; returns what it is told.
     */
    String tell(Span parent, TraceHeaders headers) {
        SpanContext context = parent.getSpanContext();
        String told =
                "00-"
                        + context.getTraceId()
                        + "-"
                        + context.getSpanId()
                        + "-"
                        + context.getTraceFlags().asHex();
        headers.set(TRACEPARENT, told);
        if (!joins) {
            // It belongs to a parent that could not be read.
            headers.remove(TRACESTATE);
        }
        return told;
    }

    /**
     * Marks a span as failed, if the request has failed.
     *
     * @param least the lowest status that is a failure
     */
    static void judge(Span span, ExchangeRecord exchange, int least) {
        if (exchange.status >= least) {
            span.setAttribute(SpanKeys.ERROR_TYPE, Integer.toString(exchange.status));
            span.setStatus(StatusCode.ERROR, exchange.error == null ? "" : exchange.error);
        } else if (exchange.status < 400 && exchange.error != null) {
            span.setAttribute(SpanKeys.ERROR_TYPE, "cut_off");
            span.setStatus(StatusCode.ERROR, exchange.error);
        }
    }
}

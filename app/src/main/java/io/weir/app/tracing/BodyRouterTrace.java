package io.weir.app.tracing;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.weir.telemetry.ExchangeRecord;
import io.weir.telemetry.RequestTrace;
import io.weir.telemetry.TraceHeaders;

/**
 * A request whose body a proxy lets us read.
 *
 * <pre>
 * gateway.request          the stream, from the request's head to the answer's end
 *   gateway.body_routing   from the request's head to the headers that routes match
 * </pre>
 */
final class BodyRouterTrace implements RequestTrace {

    private final TracedRequest request;

    BodyRouterTrace(TracedRequest request) {
        this.request = request;
    }

    @Override
    public String id() {
        return request.traceId();
    }

    /** What the proxy does next is no part of our work, unless nobody has begun the trace. */
    @Override
    public void passOn(TraceHeaders headers) {
        if (!request.joins()) {
            request.tell(request.span(), headers);
        }
    }

    @Override
    public void callServer(TraceHeaders headers) {
        passOn(headers);
    }

    @Override
    public void ended(ExchangeRecord exchange) {
        Span span = request.span();
        if (!span.isRecording()) {
            return;
        }
        routing(exchange);
        SpanKeys.request(span, exchange);
        SpanKeys.model(span, exchange, exchange.receivedNanos);
        TracedRequest.judge(span, exchange, 500);
        request.end(span, exchange.endNanos);
    }

    private void routing(ExchangeRecord exchange) {
        long to = exchange.pickedNanos == 0 ? exchange.endNanos : exchange.pickedNanos;
        Span routing =
                request.child("gateway.body_routing", SpanKind.INTERNAL, exchange.receivedNanos);
        request.end(routing, to);
    }
}

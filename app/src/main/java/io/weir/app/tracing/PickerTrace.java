package io.weir.app.tracing;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.weir.telemetry.ExchangeRecord;
import io.weir.telemetry.RequestTrace;
import io.weir.telemetry.TraceHeaders;

/**
 * A request that a proxy asked about, with the reference's names of spans.
 *
 * <pre>
 * gateway.request                 the stream, from the request's head to the answer's end
 *   gateway.request_orchestration from the body's end to the choice of a server, waiting included
 * </pre>
 */
final class PickerTrace implements RequestTrace {

    private final TracedRequest request;

    PickerTrace(TracedRequest request) {
        this.request = request;
    }

    @Override
    public String id() {
        return request.traceId();
    }

    @Override
    public void passOn(TraceHeaders headers) {
        request.tell(request.span(), headers);
    }

    /** The proxy calls the server. */
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
        orchestration(exchange);
        SpanKeys.request(span, exchange);
        SpanKeys.pick(span, exchange);
        SpanKeys.model(span, exchange, exchange.pickedNanos);
        TracedRequest.judge(span, exchange, 500);
        request.end(span, exchange.endNanos);
    }

    private void orchestration(ExchangeRecord exchange) {
        boolean read = exchange.bodyReadNanos != 0;
        long from = read ? exchange.bodyReadNanos : exchange.receivedNanos;
        long to = exchange.pickedNanos == 0 ? exchange.endNanos : exchange.pickedNanos;
        Span pick = request.child("gateway.request_orchestration", SpanKind.INTERNAL, from);
        SpanKeys.pick(pick, exchange);
        request.end(pick, to);
    }
}

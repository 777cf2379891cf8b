package io.weir.app.tracing;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.weir.telemetry.ExchangeRecord;
import io.weir.telemetry.RequestTrace;
import io.weir.telemetry.TraceHeaders;

import org.jspecify.annotations.Nullable;

/**
 * A request through the gateway.
 *
 * <pre>
 * POST /v1/chat/completions   the request, from its head to the answer's last byte
 *   pick                      from the body's end to the choice of a server, waiting included
 *   chat llama-3              the server's work, all attempts included
 * </pre>
 */
final class GatewayTrace implements RequestTrace {

    /** Clients choose models. */
    private static final int MOST_NAME = 128;

    private final TracedRequest request;
    private @Nullable String told;
    private @Nullable Span call;
    private long calledNanos;

    GatewayTrace(TracedRequest request) {
        this.request = request;
    }

    @Override
    public String id() {
        return request.traceId();
    }

    @Override
    public void passOn(TraceHeaders headers) {
        told = request.tell(request.span(), headers);
    }

    @Override
    public void callServer(TraceHeaders headers) {
        if (told != null && !told.equals(headers.get(TracedRequest.TRACEPARENT))) {
            return;
        }
        calledNanos = System.nanoTime();
        call = request.child("call", SpanKind.CLIENT, calledNanos);
        request.tell(call, headers);
    }

    @Override
    public void ended(ExchangeRecord exchange) {
        Span span = request.span();
        if (!span.isRecording()) {
            return;
        }
        endCall(exchange);
        pick(exchange);
        span.updateName((exchange.method + " " + GenAi.of(exchange.path).path()).strip());
        SpanKeys.request(span, exchange);
        SpanKeys.pick(span, exchange);
        TracedRequest.judge(span, exchange, 500);
        request.end(span, exchange.endNanos);
    }

    private static String callOf(String model, String path) {
        String shown = model.length() > MOST_NAME ? model.substring(0, MOST_NAME) : model;
        return GenAi.of(path).operation() + " " + shown;
    }

    private void pick(ExchangeRecord exchange) {
        if (exchange.pool == null || exchange.pickedNanos == 0) {
            return;
        }
        boolean read =
                exchange.bodyReadNanos != 0 && exchange.bodyReadNanos <= exchange.pickedNanos;
        long from = read ? exchange.bodyReadNanos : exchange.receivedNanos;
        Span pick = request.child("pick", SpanKind.INTERNAL, from);
        SpanKeys.pick(pick, exchange);
        request.end(pick, exchange.pickedNanos);
    }

    private void endCall(ExchangeRecord exchange) {
        Span called = call;
        if (called == null) {
            return;
        }
        String model = SpanKeys.modelOf(exchange);
        called.updateName(model == null ? exchange.method : callOf(model, exchange.path));
        SpanKeys.server(called, exchange);
        SpanKeys.model(called, exchange, calledNanos);
        TracedRequest.judge(called, exchange, 400);
        request.end(called, exchange.endNanos);
    }
}

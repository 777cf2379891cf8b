package io.weir.app.tracing;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanLimits;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.weir.app.CommandFailure;
import io.weir.picker.RequestHeaders;
import io.weir.telemetry.ExchangeRecord;
import io.weir.telemetry.RequestTrace;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Begins the trace of each request, or joins that which its headers name. */
final class SpanMaker implements AutoCloseable {

    private static final TextMapGetter<RequestHeaders> HEADERS =
            new TextMapGetter<>() {
                @Override
                public Iterable<String> keys(RequestHeaders carrier) {
                    return List.of();
                }

                @Override
                public @Nullable String get(@Nullable RequestHeaders carrier, String name) {
                    return carrier == null ? null : carrier.get(name);
                }
            };

    /** Clients choose models and paths. */
    private static final SpanLimits LIMITS =
            SpanLimits.builder().setMaxAttributeValueLength(1024).build();

    private final SdkTracerProvider provider;
    private final Tracer tracer;
    private final TraceRole role;

    private SpanMaker(SdkTracerProvider provider, TraceRole role) {
        this.provider = provider;
        this.tracer = provider.get("io.weir");
        this.role = role;
    }

    static SpanMaker open(TraceSettings settings, TraceRole role, PrometheusRegistry registry)
            throws CommandFailure {
        SpanQueue queue = SpanQueue.start(SpanExporters.of(settings), settings.batches(), registry);
        SdkTracerProvider provider =
                SdkTracerProvider.builder()
                        .setResource(resource(settings))
                        .setSampler(sampler(settings))
                        .setSpanLimits(LIMITS)
                        .addSpanProcessor(queue)
                        .build();
        SpanMaker spans = new SpanMaker(provider, role);
        // No request has to wait for classes; what never ends is not told.
        spans.begin(new ExchangeRecord(), RequestHeaders.NONE);
        return spans;
    }

    private static Resource resource(TraceSettings settings) {
        AttributesBuilder attributes = Resource.getDefault().getAttributes().toBuilder();
        String version = SpanMaker.class.getPackage().getImplementationVersion();
        if (version != null) {
            attributes.put(AttributeKey.stringKey("service.version"), version);
        }
        settings.resource().forEach(attributes::put);
        return Resource.create(attributes.build());
    }

    private static Sampler sampler(TraceSettings settings) {
        Sampler ratio = Sampler.traceIdRatioBased(settings.ratio());
        return switch (settings.sampler()) {
            case ALWAYS_ON -> Sampler.alwaysOn();
            case ALWAYS_OFF -> Sampler.alwaysOff();
            case TRACEIDRATIO -> ratio;
            case PARENTBASED_ALWAYS_ON -> Sampler.parentBased(Sampler.alwaysOn());
            case PARENTBASED_ALWAYS_OFF -> Sampler.parentBased(Sampler.alwaysOff());
            case PARENTBASED_TRACEIDRATIO -> Sampler.parentBased(ratio);
        };
    }

    /** Returns the trace; null when there is nothing to add to that which the headers name. */
    @Nullable RequestTrace begin(ExchangeRecord exchange, RequestHeaders headers) {
        Context from =
                W3CTraceContextPropagator.getInstance().extract(Context.root(), headers, HEADERS);
        boolean joins = Span.fromContext(from).getSpanContext().isValid();
        SpanTimes times = SpanTimes.since(exchange.receivedNanos, Instant.now());
        Span span =
                tracer.spanBuilder("gateway.request")
                        .setParent(from)
                        .setSpanKind(SpanKind.SERVER)
                        .setStartTimestamp(
                                times.epochNanos(exchange.receivedNanos), TimeUnit.NANOSECONDS)
                        .startSpan();
        if (joins && !span.getSpanContext().isSampled()) {
            return null;
        }
        TracedRequest request = new TracedRequest(tracer, span, times, joins);
        return switch (role) {
            case GATEWAY -> new GatewayTrace(request);
            case PICKER -> new PickerTrace(request);
            case BODY_ROUTER -> new BodyRouterTrace(request);
        };
    }

    @Override
    public void close() {
        provider.close();
    }
}

package io.weir.app.tracing;

import static io.opentelemetry.api.common.AttributeKey.booleanKey;
import static io.opentelemetry.api.common.AttributeKey.doubleKey;
import static io.opentelemetry.api.common.AttributeKey.longKey;
import static io.opentelemetry.api.common.AttributeKey.stringKey;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.weir.body.Usage;
import io.weir.telemetry.ExchangeRecord;

import org.jspecify.annotations.Nullable;

import java.util.Objects;

/**
 * Attributes of spans: those of OpenTelemetry's conventions for HTTP and generative AI, and our
 * own.
 */
final class SpanKeys {

    static final AttributeKey<String> ERROR_TYPE = stringKey("error.type");

    private static final AttributeKey<String> METHOD = stringKey("http.request.method");
    private static final AttributeKey<String> PATH = stringKey("url.path");
    private static final AttributeKey<Long> STATUS = longKey("http.response.status_code");
    private static final AttributeKey<Long> RESENT = longKey("http.request.resend_count");
    private static final AttributeKey<String> SERVER = stringKey("server.address");
    private static final AttributeKey<Long> SERVER_PORT = longKey("server.port");

    private static final AttributeKey<String> OPERATION = stringKey("gen_ai.operation.name");
    private static final AttributeKey<String> PROVIDER = stringKey("gen_ai.provider.name");
    private static final AttributeKey<String> MODEL = stringKey("gen_ai.request.model");
    private static final AttributeKey<Boolean> STREAM = booleanKey("gen_ai.request.stream");
    private static final AttributeKey<Long> INPUT = longKey("gen_ai.usage.input_tokens");
    private static final AttributeKey<Long> OUTPUT = longKey("gen_ai.usage.output_tokens");
    private static final AttributeKey<Long> CACHED =
            longKey("gen_ai.usage.cache_read.input_tokens");
    private static final AttributeKey<Double> FIRST_CHUNK =
            doubleKey("gen_ai.response.time_to_first_chunk");

    private static final AttributeKey<String> REQUEST_ID = stringKey("weir.request_id");
    private static final AttributeKey<String> GATEWAY = stringKey("weir.gateway");
    private static final AttributeKey<String> ROUTE = stringKey("weir.route");
    private static final AttributeKey<String> POOL = stringKey("weir.pool");
    private static final AttributeKey<String> ENDPOINT = stringKey("weir.endpoint");
    private static final AttributeKey<String> ASKED_MODEL = stringKey("weir.asked_model");
    private static final AttributeKey<Long> PRIORITY = longKey("weir.priority");

    private SpanKeys() {}

    /** What was asked of us, and what came of it. */
    static void request(Span span, ExchangeRecord exchange) {
        span.setAttribute(METHOD, exchange.method);
        span.setAttribute(PATH, pathOf(exchange));
        text(span, REQUEST_ID, exchange.requestId);
        text(span, GATEWAY, exchange.gateway);
        text(span, ROUTE, exchange.rule == null ? null : exchange.rule.id());
        if (exchange.status > 0) {
            span.setAttribute(STATUS, exchange.status);
        }
    }

    private static String pathOf(ExchangeRecord exchange) {
        int query = exchange.path.indexOf('?');
        return query < 0 ? exchange.path : exchange.path.substring(0, query);
    }

    /** Which server was picked. */
    static void pick(Span span, ExchangeRecord exchange) {
        text(span, POOL, exchange.pool == null ? null : exchange.pool.objectName().toString());
        text(span, ENDPOINT, exchange.endpoint == null ? null : exchange.endpoint.name());
        span.setAttribute(PRIORITY, exchange.priority);
    }

    /** Which server was called. */
    static void server(Span span, ExchangeRecord exchange) {
        if (exchange.endpoint != null) {
            span.setAttribute(SERVER, exchange.endpoint.address());
            span.setAttribute(SERVER_PORT, exchange.endpoint.port());
        }
        if (exchange.attempts > 1) {
            span.setAttribute(RESENT, exchange.attempts - 1);
        }
        span.setAttribute(METHOD, exchange.method);
        if (exchange.status > 0) {
            span.setAttribute(STATUS, exchange.status);
        }
    }

    /**
     * What the model was asked for, and what it told.
     *
     * @param askedNanos when it was asked
     */
    static void model(Span span, ExchangeRecord exchange, long askedNanos) {
        String model = modelOf(exchange);
        if (model == null) {
            return;
        }
        GenAi api = GenAi.of(pathOf(exchange));
        span.setAttribute(OPERATION, api.operation());
        span.setAttribute(PROVIDER, api.provider());
        span.setAttribute(MODEL, model);
        if (!Objects.equals(model, exchange.model)) {
            text(span, ASKED_MODEL, exchange.model);
        }
        if (exchange.streamed) {
            span.setAttribute(STREAM, true);
        }
        if (exchange.streamed && exchange.firstByteNanos > askedNanos) {
            span.setAttribute(FIRST_CHUNK, (exchange.firstByteNanos - askedNanos) / 1e9);
        }
        usage(span, exchange.usage);
    }

    /** Returns the model that the server is asked for; null when there is none. */
    static @Nullable String modelOf(ExchangeRecord exchange) {
        return exchange.targetModel == null ? exchange.model : exchange.targetModel;
    }

    private static void usage(Span span, @Nullable Usage usage) {
        if (usage == null) {
            return;
        }
        tokens(span, INPUT, usage.promptTokens());
        tokens(span, OUTPUT, usage.completionTokens());
        tokens(span, CACHED, usage.cachedTokens());
    }

    private static void tokens(Span span, AttributeKey<Long> key, long tokens) {
        if (tokens >= 0) {
            span.setAttribute(key, tokens);
        }
    }

    private static void text(Span span, AttributeKey<String> key, @Nullable String value) {
        if (value != null && !value.isEmpty()) {
            span.setAttribute(key, value);
        }
    }
}

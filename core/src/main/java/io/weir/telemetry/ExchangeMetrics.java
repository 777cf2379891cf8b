package io.weir.telemetry;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.weir.body.Usage;
import io.weir.picker.external.PickerFailure;
import io.weir.resource.ObjectKey;
import io.weir.resource.ObjectName;
import io.weir.routing.RouteRule;

import org.jspecify.annotations.Nullable;

import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Counts and measures finished requests.
 *
 * <p>Thread-safe; the series of a combination of labels are looked up once and kept, so that a
 * request costs a few map reads and additions.
 */
public final class ExchangeMetrics implements ExchangeObserver {

    private final ModelMetrics byModel;
    private final Counter requests;
    private final Counter retries;
    private final Counter pickerFailures;
    private final Counter bodyBytes;
    private final Counter streamEvents;
    private final Histogram pickDuration;
    private final ModelLabels models;
    private final Map<RequestKey, CounterDataPoint> requestSeries = new ConcurrentHashMap<>();
    private final Map<ModelKey, ModelMetrics.Series> modelSeries = new ConcurrentHashMap<>();

    /**
     * Registers the metrics.
     *
     * @param registry where to
     * @param models which models may be labels
     */
    public ExchangeMetrics(PrometheusRegistry registry, ModelLabels models) {
        this.models = models;
        byModel = new ModelMetrics(registry);
        requests =
                Counter.builder()
                        .name(MetricNames.GATEWAY_REQUESTS)
                        .help("Requests by where they came in, where they went and how it ended.")
                        .labelNames("gateway", "listener", "route", "pool", "code")
                        .register(registry);
        retries =
                Counter.builder()
                        .name(MetricNames.RETRIES)
                        .help("Attempts after the first one of a request.")
                        .labelNames("pool")
                        .register(registry);
        pickerFailures =
                Counter.builder()
                        .name(MetricNames.PICKER_FAILURES)
                        .help("Failures of external pickers by cause and by what came of them.")
                        .labelNames("pool", "cause", "effect")
                        .register(registry);
        bodyBytes =
                Counter.builder()
                        .name(MetricNames.BODY_BYTES)
                        .help("Bytes of bodies.")
                        .labelNames("direction")
                        .register(registry);
        streamEvents =
                Counter.builder()
                        .name(MetricNames.STREAM_EVENTS)
                        .help("Server-sent events relayed to clients.")
                        .labelNames("pool")
                        .register(registry);
        pickDuration =
                Histogram.builder()
                        .name(MetricNames.PICK_DURATION)
                        .help("Time from the end of the request's body to the choice of endpoint.")
                        .labelNames("pool")
                        .classicOnly()
                        .classicUpperBounds(Buckets.array(MetricNames.PICK_BUCKETS))
                        .register(registry);
    }

    @Override
    public void completed(ExchangeRecord exchange) {
        String pool = nameOf(exchange.pool);
        countRequest(exchange, pool);
        if (exchange.attempts > 1) {
            retries.labelValues(pool).inc(exchange.attempts - 1L);
        }
        PickerFailure failure = exchange.pickerFailure;
        if (failure != null) {
            pickerFailures.labelValues(pool, word(failure.cause()), word(failure.effect())).inc();
        }
        if (exchange.streamEvents > 0) {
            streamEvents.labelValues(pool).inc(exchange.streamEvents);
        }
        if (exchange.pickedNanos != 0 && exchange.bodyReadNanos != 0) {
            pickDuration
                    .labelValues(pool)
                    .observe(seconds(exchange.pickedNanos - exchange.bodyReadNanos));
        }
        bodyBytes.labelValues("request").inc(exchange.requestBytes);
        bodyBytes.labelValues("response").inc(exchange.responseBytes);
        boolean isInference = exchange.model != null || exchange.targetModel != null;
        if (isInference || exchange.pool != null) {
            countModel(exchange);
        }
    }

    private void countRequest(ExchangeRecord exchange, String pool) {
        RouteRule rule = exchange.rule;
        RequestKey key =
                new RequestKey(
                        exchange.gateway,
                        exchange.listener,
                        rule == null ? null : rule.route(),
                        rule == null ? 0 : rule.index(),
                        pool,
                        exchange.status);
        requestSeries.computeIfAbsent(key, this::requestSeries).inc();
    }

    private CounterDataPoint requestSeries(RequestKey key) {
        return requests.labelValues(
                key.gateway,
                key.listener,
                key.route == null ? "" : key.route + "/" + key.rule,
                key.pool,
                Integer.toString(key.status));
    }

    private void countModel(ExchangeRecord exchange) {
        String model = models.labelOf(exchange.model);
        String target = exchange.targetModel == null ? model : models.labelOf(exchange.targetModel);
        ModelMetrics.Series series =
                modelSeries.computeIfAbsent(
                        new ModelKey(model, target, exchange.priority),
                        key -> byModel.series(key.model, key.target, key.priority));
        if (exchange.status == 0 || exchange.status >= 400) {
            byModel.countError(model, target, ErrorCodes.of(exchange.status));
        }
        if (exchange.rewrite != null) {
            byModel.countRewrite(exchange.rewrite.name(), model, target);
        }
        measure(exchange, series);
    }

    private static void measure(ExchangeRecord exchange, ModelMetrics.Series series) {
        series.requests().inc();
        series.duration().observe(seconds(exchange.endNanos - exchange.receivedNanos));
        series.requestBytes().observe((double) exchange.requestBytes);
        series.responseBytes().observe((double) exchange.responseBytes);
        boolean answered = exchange.firstByteNanos != 0 && exchange.status < 400;
        if (answered && exchange.streamed) {
            series.timeToFirstToken()
                    .observe(seconds(exchange.firstByteNanos - exchange.receivedNanos));
        }
        if (answered && exchange.usage != null) {
            measureTokens(exchange, exchange.usage, series);
        }
    }

    private static void measureTokens(
            ExchangeRecord exchange, Usage usage, ModelMetrics.Series series) {
        if (usage.promptTokens() >= 0) {
            series.inputTokens().observe((double) usage.promptTokens());
        }
        if (usage.cachedTokens() >= 0) {
            series.cachedTokens().observe((double) usage.cachedTokens());
        }
        long tokens = usage.completionTokens();
        if (tokens < 0) {
            return;
        }
        series.outputTokens().observe((double) tokens);
        if (tokens > 0) {
            double whole = seconds(exchange.endNanos - exchange.receivedNanos);
            series.normalizedTimePerToken().observe(whole / tokens);
        }
        if (exchange.streamed && tokens > 1 && exchange.lastChunkNanos != 0) {
            double decoding = seconds(exchange.lastChunkNanos - exchange.firstByteNanos);
            series.timePerToken().observe(decoding / (tokens - 1));
        }
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static String nameOf(@Nullable ObjectKey pool) {
        return pool == null ? "" : pool.name();
    }

    private static double seconds(long nanos) {
        return (double) nanos / TimeUnit.SECONDS.toNanos(1);
    }

    private record RequestKey(
            String gateway,
            String listener,
            @Nullable ObjectName route,
            int rule,
            String pool,
            int status) {}

    private record ModelKey(String model, String target, int priority) {}
}

package io.weir.telemetry;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

import java.util.List;

/** Metrics by the model that a client asked for and the one that answered. */
final class ModelMetrics {

    private final PrometheusRegistry registry;
    private final Counter requests;
    private final Counter errors;
    private final Counter rewrites;
    private final Histogram duration;
    private final Histogram timeToFirstToken;
    private final Histogram timePerToken;
    private final Histogram normalizedTimePerToken;
    private final Histogram requestBytes;
    private final Histogram responseBytes;
    private final Histogram inputTokens;
    private final Histogram outputTokens;
    private final Histogram cachedTokens;

    ModelMetrics(PrometheusRegistry registry) {
        this.registry = registry;
        requests =
                counter(
                        MetricNames.REQUESTS,
                        "Requests by model and priority.",
                        "model_name",
                        "target_model_name",
                        "priority");
        errors =
                counter(
                        MetricNames.REQUEST_ERRORS,
                        "Failed requests by model and kind of failure.",
                        "model_name",
                        "target_model_name",
                        "error_code");
        rewrites =
                counter(
                        MetricNames.REWRITE_DECISIONS,
                        "Decisions of model rewrites.",
                        "model_rewrite_name",
                        "model_name",
                        "target_model");
        List<Double> latency = MetricNames.LATENCY_BUCKETS;
        List<Double> perToken = MetricNames.TOKEN_TIME_BUCKETS;
        List<Double> sizes = MetricNames.SIZE_BUCKETS;
        List<Double> tokens = MetricNames.TOKEN_BUCKETS;
        duration = histogram(MetricNames.REQUEST_DURATION, "Time of a whole request.", latency);
        timeToFirstToken =
                histogram(MetricNames.REQUEST_TTFT, "Time to the first byte of a stream.", latency);
        timePerToken =
                histogram(
                        MetricNames.REQUEST_TPOT,
                        "Time of each token of a stream after the first.",
                        perToken);
        normalizedTimePerToken =
                histogram(
                        MetricNames.NORMALIZED_TPOT,
                        "Time of a whole request divided by its output tokens.",
                        perToken);
        requestBytes = histogram(MetricNames.REQUEST_SIZES, "Bytes of request bodies.", sizes);
        responseBytes = histogram(MetricNames.RESPONSE_SIZES, "Bytes of response bodies.", sizes);
        inputTokens = histogram(MetricNames.INPUT_TOKENS, "Prompt tokens.", tokens);
        outputTokens = histogram(MetricNames.OUTPUT_TOKENS, "Completion tokens.", tokens);
        cachedTokens =
                histogram(MetricNames.CACHED_TOKENS, "Prompt tokens from a prefix cache.", tokens);
    }

    /** Returns the series of one combination of labels. */
    Series series(String model, String target, int priority) {
        return new Series(
                requests.labelValues(model, target, Integer.toString(priority)),
                duration.labelValues(model, target),
                timeToFirstToken.labelValues(model, target),
                timePerToken.labelValues(model, target),
                normalizedTimePerToken.labelValues(model, target),
                requestBytes.labelValues(model, target),
                responseBytes.labelValues(model, target),
                inputTokens.labelValues(model, target),
                outputTokens.labelValues(model, target),
                cachedTokens.labelValues(model, target));
    }

    void countError(String model, String target, String code) {
        errors.labelValues(model, target, code).inc();
    }

    void countRewrite(String rewrite, String model, String target) {
        rewrites.labelValues(rewrite, model, target).inc();
    }

    private Counter counter(String name, String help, String... labels) {
        return Counter.builder().name(name).help(help).labelNames(labels).register(registry);
    }

    private Histogram histogram(String name, String help, List<Double> bounds) {
        return Histogram.builder()
                .name(name)
                .help(help)
                .labelNames("model_name", "target_model_name")
                .classicOnly()
                .classicUpperBounds(Buckets.array(bounds))
                .register(registry);
    }

    /**
     * The series of one model and its target.
     *
     * @param requests count
     * @param duration seconds
     * @param timeToFirstToken seconds
     * @param timePerToken seconds
     * @param normalizedTimePerToken seconds
     * @param requestBytes bytes
     * @param responseBytes bytes
     * @param inputTokens tokens
     * @param outputTokens tokens
     * @param cachedTokens tokens
     */
    record Series(
            CounterDataPoint requests,
            DistributionDataPoint duration,
            DistributionDataPoint timeToFirstToken,
            DistributionDataPoint timePerToken,
            DistributionDataPoint normalizedTimePerToken,
            DistributionDataPoint requestBytes,
            DistributionDataPoint responseBytes,
            DistributionDataPoint inputTokens,
            DistributionDataPoint outputTokens,
            DistributionDataPoint cachedTokens) {}
}

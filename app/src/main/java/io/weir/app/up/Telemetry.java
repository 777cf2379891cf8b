package io.weir.app.up;

import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.weir.picker.EndpointSnapshot;
import io.weir.picker.pool.PickerRegistry;
import io.weir.telemetry.CacheMetrics;
import io.weir.telemetry.ExchangeMetrics;
import io.weir.telemetry.ExchangeObserver;
import io.weir.telemetry.FlowMetrics;
import io.weir.telemetry.MetricNames;
import io.weir.telemetry.ModelLabels;
import io.weir.telemetry.PickerFailureLog;
import io.weir.telemetry.PoolMetrics;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/** The metrics of the program. */
public final class Telemetry {

    private static final Duration BETWEEN_LINES = Duration.ofSeconds(10);

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final AtomicBoolean machine = new AtomicBoolean();
    private final ModelLabels models;
    private final ExchangeObserver metrics;
    private final ExchangeObserver failures = new PickerFailureLog(BETWEEN_LINES);

    /** Metrics in which only known models are named. */
    public Telemetry() {
        this(new ModelLabels());
    }

    /**
     * @param models which models may be labels
     */
    public Telemetry(ModelLabels models) {
        this.models = models;
        this.metrics = new ExchangeMetrics(registry, models);
    }

    /** Returns where the metrics are registered. */
    public PrometheusRegistry registry() {
        return registry;
    }

    /** Returns which models may be labels. */
    public ModelLabels models() {
        return models;
    }

    /** Returns what measures finished requests, and logs what went wrong with pickers. */
    public ExchangeObserver exchanges() {
        return exchange -> {
            metrics.completed(exchange);
            failures.completed(exchange);
        };
    }

    /**
     * Registers the metrics of the Java virtual machine, the first time that it is called: their
     * beans are not needed for the start.
     */
    public void measureMachine() {
        if (machine.compareAndSet(false, true)) {
            JvmMetrics.builder().register(registry);
        }
    }

    /** Registers the metrics of pools. */
    public void measurePools(Supplier<Map<String, List<EndpointSnapshot>>> pools) {
        new PoolMetrics(registry, pools);
    }

    /** Registers the metrics of the lines in front of pools. */
    public void measureFlows(PickerRegistry pickers) {
        FlowMetrics.register(registry, models, pickers);
        CacheMetrics.register(registry, pickers);
    }

    /** Registers gauges of the gateway itself. */
    void measureGateway(
            DoubleSupplier openRequests, DoubleSupplier generation, DoubleSupplier errors) {
        gauge(MetricNames.OPEN_REQUESTS, "Requests that are not finished.", openRequests);
        gauge(
                MetricNames.CONFIG_GENERATION,
                "Number of the configuration in force; rises with every change.",
                generation);
        gauge(MetricNames.CONFIG_PROBLEMS, "Objects and fields that are wrong.", errors);
    }

    private void gauge(String name, String help, DoubleSupplier value) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .callback(series -> series.call(value.getAsDouble()))
                .register(registry);
    }
}

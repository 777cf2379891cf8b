package io.weir.app.bodyrouter;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.weir.extproc.router.PluginChain;
import io.weir.extproc.router.RouterObserver;

/** Counts what the router does, under the names of the reference. */
final class RouterMetrics implements RouterObserver {

    private final CounterDataPoint success;
    private final CounterDataPoint missing;
    private final CounterDataPoint empty;
    private final CounterDataPoint unknown;
    private final Counter refused;
    private final Histogram plugins;

    RouterMetrics(PrometheusRegistry registry) {
        Gauge.builder()
                .name("bbr_info")
                .help("What runs.")
                .labelNames("commit", "build_ref")
                .register(registry)
                .labelValues("", "weir")
                .set(1);
        success =
                Counter.builder()
                        .name("bbr_success_total")
                        .help("Requests whose headers were set.")
                        .register(registry)
                        .labelValues();
        missing =
                Counter.builder()
                        .name("bbr_body_field_not_found_total")
                        .help("Bodies without the field.")
                        .labelNames("field")
                        .register(registry)
                        .labelValues("model");
        empty =
                Counter.builder()
                        .name("bbr_body_field_empty_total")
                        .help("Bodies whose field is an empty text.")
                        .labelNames("field")
                        .register(registry)
                        .labelValues("model");
        unknown =
                Counter.builder()
                        .name("weir_body_router_base_model_unknown_total")
                        .help("Requests whose model belongs to no known base model.")
                        .register(registry)
                        .labelValues();
        refused =
                Counter.builder()
                        .name("weir_body_router_refused_total")
                        .help("Requests that were refused.")
                        .labelNames("code")
                        .register(registry);
        plugins =
                Histogram.builder()
                        .name("bbr_plugin_duration_seconds")
                        .help("How long plugins of one's own take.")
                        .labelNames("extension_point", "plugin_type", "plugin_name")
                        .classicOnly()
                        .classicUpperBounds(
                                0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1)
                        .register(registry);
    }

    @Override
    public void routed() {
        success.inc();
    }

    @Override
    public void modelMissing() {
        missing.inc();
    }

    @Override
    public void modelEmpty() {
        empty.inc();
    }

    /** The model's own header is set all the same. */
    @Override
    public void baseModelUnknown() {
        success.inc();
        unknown.inc();
    }

    @Override
    public void pluginRan(String point, PluginChain.Named plugin, long nanos) {
        plugins.labelValues(point, plugin.type(), plugin.name()).observe(nanos / 1e9);
    }

    @Override
    public void refused(int status) {
        refused.labelValues(Integer.toString(status)).inc();
    }
}

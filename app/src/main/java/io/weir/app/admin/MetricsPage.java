package io.weir.app.admin;

import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.UnaryOperator;

/** The metrics in the text format of Prometheus. */
public final class MetricsPage implements Page {

    private final PrometheusTextFormatWriter writer = PrometheusTextFormatWriter.builder().build();
    private final PrometheusRegistry registry;
    private final Runnable refresh;
    private final UnaryOperator<MetricSnapshots> shown;

    /**
     * Creates the page.
     *
     * @param registry the metrics
     * @param refresh called before they are read
     */
    public MetricsPage(PrometheusRegistry registry, Runnable refresh) {
        this(registry, refresh, UnaryOperator.identity());
    }

    /**
     * Creates the page.
     *
     * @param registry the metrics
     * @param refresh called before they are read
     * @param shown makes of the metrics those that are shown
     */
    public MetricsPage(
            PrometheusRegistry registry, Runnable refresh, UnaryOperator<MetricSnapshots> shown) {
        this.registry = registry;
        this.refresh = refresh;
        this.shown = shown;
    }

    @Override
    public Reply render() {
        refresh.run();
        ByteArrayOutputStream text = new ByteArrayOutputStream(64 * 1024);
        try {
            writer.write(text, shown.apply(registry.scrape()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Reply(200, writer.getContentType(), text.toByteArray());
    }
}

package io.weir.app.admin;

import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The metrics in the text format of Prometheus. */
public final class MetricsPage implements Page {

    private final PrometheusTextFormatWriter writer = PrometheusTextFormatWriter.builder().build();
    private final PrometheusRegistry registry;
    private final Runnable refresh;

    /**
     * Creates the page.
     *
     * @param registry the metrics
     * @param refresh called before they are read
     */
    public MetricsPage(PrometheusRegistry registry, Runnable refresh) {
        this.registry = registry;
        this.refresh = refresh;
    }

    @Override
    public Reply render() {
        refresh.run();
        ByteArrayOutputStream text = new ByteArrayOutputStream(64 * 1024);
        try {
            writer.write(text, registry.scrape());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Reply(200, writer.getContentType(), text.toByteArray());
    }
}

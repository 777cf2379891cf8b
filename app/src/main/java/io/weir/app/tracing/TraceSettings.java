package io.weir.app.tracing;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * How traces are made and where they go.
 *
 * @param exporter where they go
 * @param collector how the collector is reached; not used by other exporters
 * @param sampler which requests are traced
 * @param ratio share of requests that a ratio sampler takes, 0..1
 * @param batches how spans wait for their export
 * @param resource who made the traces, by attribute
 */
record TraceSettings(
        Exporter exporter,
        Collector collector,
        Sampling sampler,
        double ratio,
        Batches batches,
        Map<String, String> resource) {

    TraceSettings {
        resource = Map.copyOf(resource);
    }

    /** Where traces go. */
    enum Exporter {
        NONE,
        /** To the standard output, one JSON line for each span. */
        CONSOLE,
        OTLP
    }

    /** How OTLP is spoken. */
    enum Protocol {
        GRPC,
        /** HTTP with binary bodies. */
        HTTP
    }

    /** Which requests are traced; {@code PARENTBASED} ones leave it to whoever asked us. */
    enum Sampling {
        ALWAYS_ON,
        ALWAYS_OFF,
        TRACEIDRATIO,
        PARENTBASED_ALWAYS_ON,
        PARENTBASED_ALWAYS_OFF,
        PARENTBASED_TRACEIDRATIO
    }

    /**
     * A collector.
     *
     * @param endpoint its URL, with the path over HTTP
     * @param headers sent with every request; secrets
     * @param timeout time for one export
     * @param gzip whether requests are compressed
     * @param trusted certificates to trust, PEM; null for the usual ones
     * @param key our own private key, PEM; null for none
     * @param certificate our own certificate, PEM; null for none
     */
    record Collector(
            Protocol protocol,
            String endpoint,
            Map<String, String> headers,
            Duration timeout,
            boolean gzip,
            @Nullable Path trusted,
            @Nullable Path key,
            @Nullable Path certificate) {

        Collector {
            headers = Map.copyOf(headers);
        }

        @Override
        public String toString() {
            return protocol + " " + endpoint;
        }
    }

    /**
     * How spans wait.
     *
     * @param most most spans that wait; more are dropped
     * @param size most spans in one export
     * @param delay longest wait for a batch to fill
     */
    record Batches(int most, int size, Duration delay) {}
}

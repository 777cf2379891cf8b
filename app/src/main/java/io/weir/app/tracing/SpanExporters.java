package io.weir.app.tracing;

import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporterBuilder;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.weir.app.CommandFailure;
import io.weir.app.tracing.TraceSettings.Collector;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Makes what sends spans away. */
final class SpanExporters {

    private static final String GZIP = "gzip";

    private SpanExporters() {}

    static SpanExporter of(TraceSettings settings) throws CommandFailure {
        return switch (settings.exporter()) {
            case OTLP -> of(settings.collector());
            case CONSOLE -> new ConsoleExporter(System.out);
            case NONE -> throw new IllegalArgumentException("nothing is exported");
        };
    }

    private static SpanExporter of(Collector collector) throws CommandFailure {
        return switch (collector.protocol()) {
            case HTTP -> http(collector);
            case GRPC -> grpc(collector);
        };
    }

    private static SpanExporter http(Collector collector) throws CommandFailure {
        OtlpHttpSpanExporterBuilder builder =
                OtlpHttpSpanExporter.builder()
                        .setEndpoint(collector.endpoint())
                        .setTimeout(collector.timeout());
        set(
                collector,
                builder::addHeader,
                builder::setCompression,
                builder::setTrustedCertificates,
                builder::setClientTls);
        return builder.build();
    }

    private static SpanExporter grpc(Collector collector) throws CommandFailure {
        OtlpGrpcSpanExporterBuilder builder =
                OtlpGrpcSpanExporter.builder()
                        .setEndpoint(collector.endpoint())
                        .setTimeout(collector.timeout());
        set(
                collector,
                builder::addHeader,
                builder::setCompression,
                builder::setTrustedCertificates,
                builder::setClientTls);
        return builder.build();
    }

    /** The two builders have the same methods and no common type. */
    private static void set(
            Collector collector,
            BiConsumer<String, String> header,
            Consumer<String> compression,
            Consumer<byte[]> trustedCertificates,
            BiConsumer<byte[], byte[]> clientTls)
            throws CommandFailure {
        collector.headers().forEach(header);
        if (collector.gzip()) {
            compression.accept(GZIP);
        }
        byte[] trusted = read(collector.trusted());
        if (trusted != null) {
            trustedCertificates.accept(trusted);
        }
        byte[] key = read(collector.key());
        byte[] certificate = read(collector.certificate());
        if (key != null && certificate != null) {
            clientTls.accept(key, certificate);
        }
    }

    private static byte @Nullable [] read(@Nullable Path file) throws CommandFailure {
        if (file == null) {
            return null;
        }
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new CommandFailure("OTEL_EXPORTER_OTLP_*: " + file + ": can't be read");
        }
    }
}

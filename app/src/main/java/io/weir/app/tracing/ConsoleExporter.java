package io.weir.app.tracing;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Collection;
import java.util.concurrent.TimeUnit;

/** Prints one JSON line for each span. */
final class ConsoleExporter implements SpanExporter {

    private final JsonFactory json = new JsonFactory();
    private final PrintStream out;

    ConsoleExporter(PrintStream out) {
        this.out = out;
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
        spans.forEach(span -> out.writeBytes(line(span)));
        out.flush();
        return CompletableResultCode.ofSuccess();
    }

    private byte[] line(SpanData span) {
        var bytes = new ByteArrayOutputStream(512);
        try (JsonGenerator line = json.createGenerator(bytes)) {
            line.writeStartObject();
            line.writeStringField("trace_id", span.getTraceId());
            line.writeStringField("span_id", span.getSpanId());
            if (span.getParentSpanContext().isValid()) {
                line.writeStringField("parent_id", span.getParentSpanId());
            }
            line.writeStringField("name", span.getName());
            line.writeStringField("start", start(span).toString());
            long nanos = span.getEndEpochNanos() - span.getStartEpochNanos();
            line.writeNumberField("duration_ms", nanos / 1e6);
            line.writeStringField("status", span.getStatus().getStatusCode().name());
            line.writeObjectFieldStart("attributes");
            for (var attribute : span.getAttributes().asMap().entrySet()) {
                line.writeStringField(
                        attribute.getKey().getKey(), String.valueOf(attribute.getValue()));
            }
            line.writeEndObject();
            line.writeEndObject();
            line.writeRaw('\n');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static Instant start(SpanData span) {
        long nanos = span.getStartEpochNanos();
        return Instant.ofEpochSecond(
                TimeUnit.NANOSECONDS.toSeconds(nanos), nanos % TimeUnit.SECONDS.toNanos(1));
    }

    @Override
    public CompletableResultCode flush() {
        return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode shutdown() {
        return CompletableResultCode.ofSuccess();
    }
}

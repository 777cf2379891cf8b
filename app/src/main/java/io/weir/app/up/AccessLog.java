package io.weir.app.up;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;

import io.weir.app.CommandFailure;
import io.weir.body.Usage;
import io.weir.picker.RequestHeaders;
import io.weir.telemetry.ExchangeObserver;
import io.weir.telemetry.ExchangeRecord;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * One JSON line for each finished request.
 *
 * <p>Event loops only put the record into a queue, and leave it out when the queue is full; a
 * virtual thread writes.
 */
public final class AccessLog implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(AccessLog.class);
    private static final int QUEUE = 16_384;

    private final @Nullable OutputStream out;
    private final BlockingQueue<ExchangeRecord> queue = new ArrayBlockingQueue<>(QUEUE);
    private final LongAdder dropped = new LongAdder();
    private final JsonFactory json = new JsonFactory();
    private final Thread writer;
    private volatile boolean closed;

    private AccessLog(@Nullable OutputStream out) {
        this.out = out;
        writer = Thread.ofVirtual().name("access-log").unstarted(this::write);
        if (out != null) {
            writer.start();
        }
    }

    /**
     * Opens the log.
     *
     * @param file where to; {@code -} for the standard output, null for nowhere
     * @param standardOut the standard output
     */
    public static AccessLog open(@Nullable Path file, OutputStream standardOut)
            throws CommandFailure {
        if (file == null) {
            return new AccessLog(null);
        }
        if (file.toString().equals("-")) {
            return new AccessLog(standardOut);
        }
        try {
            OutputStream out =
                    Files.newOutputStream(
                            file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            return new AccessLog(new BufferedOutputStream(out, 64 * 1024));
        } catch (IOException e) {
            throw new CommandFailure("can't write the access log " + e.getMessage());
        }
    }

    /** Returns an observer that logs, if there is a log, and then calls another one. */
    public ExchangeObserver followedBy(ExchangeObserver next) {
        if (out == null) {
            return next;
        }
        return new Logged(next);
    }

    private final class Logged implements ExchangeObserver {

        private final ExchangeObserver next;

        Logged(ExchangeObserver next) {
            this.next = next;
        }

        @Override
        public void begun(ExchangeRecord exchange, RequestHeaders headers) {
            next.begun(exchange, headers);
        }

        @Override
        public void picked(ExchangeRecord exchange) {
            next.picked(exchange);
        }

        @Override
        public void completed(ExchangeRecord exchange) {
            if (!queue.offer(exchange)) {
                dropped.increment();
            }
            next.completed(exchange);
        }
    }

    private void write() {
        OutputStream target = out;
        try {
            while (target != null && (!closed || !queue.isEmpty())) {
                ExchangeRecord exchange = queue.poll(100, TimeUnit.MILLISECONDS);
                if (exchange != null) {
                    target.write(line(exchange));
                }
                if (queue.isEmpty()) {
                    target.flush();
                }
            }
        } catch (IOException e) {
            log.atError().setCause(e).log("the access log ends");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private byte[] line(ExchangeRecord exchange) throws IOException {
        var bytes = new ByteArrayOutputStream(512);
        try (JsonGenerator line = json.createGenerator(bytes)) {
            line.writeStartObject();
            line.writeStringField("time", Instant.now().toString());
            text(line, "request_id", exchange.requestId);
            text(line, "trace_id", exchange.trace == null ? null : exchange.trace.id());
            text(line, "gateway", exchange.gateway);
            text(line, "method", exchange.method);
            text(line, "path", exchange.path);
            line.writeNumberField("status", exchange.status);
            text(line, "route", exchange.rule == null ? null : exchange.rule.id());
            text(
                    line,
                    "pool",
                    exchange.pool == null ? null : exchange.pool.objectName().toString());
            text(line, "endpoint", exchange.endpoint == null ? null : exchange.endpoint.name());
            text(line, "model", exchange.model);
            text(line, "target_model", exchange.targetModel);
            line.writeNumberField("attempts", exchange.attempts);
            line.writeNumberField("request_bytes", exchange.requestBytes);
            line.writeNumberField("response_bytes", exchange.responseBytes);
            millis(line, "first_byte_ms", exchange.receivedNanos, exchange.firstByteNanos);
            millis(line, "duration_ms", exchange.receivedNanos, exchange.endNanos);
            usage(line, exchange.usage);
            text(line, "error", exchange.error);
            text(
                    line,
                    "picker_error",
                    exchange.pickerFailure == null ? null : exchange.pickerFailure.reason());
            line.writeEndObject();
            line.writeRaw('\n');
        }
        return bytes.toByteArray();
    }

    private static void text(JsonGenerator line, String name, @Nullable String value)
            throws IOException {
        if (value != null && !value.isEmpty()) {
            line.writeStringField(name, value);
        }
    }

    private static void millis(JsonGenerator line, String name, long from, long to)
            throws IOException {
        if (to > from) {
            line.writeNumberField(name, (to - from) / 1e6);
        }
    }

    private static void usage(JsonGenerator line, @Nullable Usage usage) throws IOException {
        if (usage != null && usage.promptTokens() >= 0) {
            line.writeNumberField("prompt_tokens", usage.promptTokens());
        }
        if (usage != null && usage.completionTokens() >= 0) {
            line.writeNumberField("completion_tokens", usage.completionTokens());
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            writer.join(1_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (dropped.sum() > 0) {
            log.atWarn().addKeyValue("requests", dropped.sum()).log("access log left out requests");
        }
    }
}

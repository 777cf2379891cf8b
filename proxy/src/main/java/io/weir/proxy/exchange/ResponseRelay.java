package io.weir.proxy.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.weir.body.Usage;
import io.weir.body.UsageReader;
import io.weir.proxy.loop.Deadline;
import io.weir.telemetry.ExchangeRecord;

import org.jspecify.annotations.Nullable;

/**
 * Passes an answer's body on as it arrives, and reads token usage in passing.
 *
 * <p>When the client takes less than the server gives, the server is not read until the client has
 * caught up.
 */
final class ResponseRelay {

    private final Exchange exchange;
    private final Worker worker;
    private final Attempt attempt;
    private final ClientStream stream;
    private final ExchangeRecord record;
    private final @Nullable UsageReader usage;
    private final Deadline silence =
            new Deadline() {
                @Override
                protected void expired() {
                    silent();
                }
            };
    private boolean paused;

    ResponseRelay(
            Exchange exchange,
            Worker worker,
            Attempt attempt,
            ClientStream stream,
            ExchangeRecord record,
            @Nullable UsageReader usage) {
        this.exchange = exchange;
        this.worker = worker;
        this.attempt = attempt;
        this.stream = stream;
        this.record = record;
        this.usage = usage;
    }

    /** Returns the reader for an answer, or null when its kind carries no usage. */
    static @Nullable UsageReader usageReader(HttpHeaders headers) {
        String type = headers.get(HttpHeaderNames.CONTENT_TYPE);
        if (type == null || headers.contains(HttpHeaderNames.CONTENT_ENCODING)) {
            return null;
        }
        if (isEventStream(type)) {
            return UsageReader.sse();
        }
        return type.regionMatches(true, 0, "application/json", 0, 16) ? UsageReader.json() : null;
    }

    private static boolean isEventStream(String contentType) {
        return contentType.regionMatches(true, 0, "text/event-stream", 0, 17);
    }

    static boolean isEventStream(HttpHeaders headers) {
        String type = headers.get(HttpHeaderNames.CONTENT_TYPE);
        return type != null && isEventStream(type);
    }

    void start() {
        if (worker.responseIdleNanos() > 0) {
            worker.timers().arm(silence, worker.responseIdleNanos());
        }
    }

    void piece(ByteBuf piece) {
        record.lastChunkNanos = worker.now();
        record.responseBytes += piece.readableBytes();
        if (usage != null) {
            feed(usage, piece);
        }
        stream.body(piece);
        if (!paused && !stream.isWritable()) {
            paused = true;
            attempt.pauseReading(true);
        }
    }

    private static void feed(UsageReader reader, ByteBuf piece) {
        if (piece.nioBufferCount() == 1) {
            reader.feed(piece.nioBuffer());
        } else {
            for (var part : piece.nioBuffers()) {
                reader.feed(part);
            }
        }
    }

    void clientWritable() {
        if (paused && stream.isWritable()) {
            paused = false;
            record.lastChunkNanos = worker.now();
            attempt.pauseReading(false);
        }
    }

    /** Settles what was read in passing. */
    void end() {
        worker.timers().cancel(silence);
        if (usage != null) {
            Usage seen = usage.usage();
            record.usage = seen.equals(Usage.UNKNOWN) ? null : seen;
            record.streamEvents = usage.events();
        }
    }

    /** Returns the tokens of the answer; -1 when unknown. */
    long completionTokens() {
        return record.usage == null ? -1 : record.usage.completionTokens();
    }

    /** Called when the time is up since the deadline was armed, not since the last piece. */
    private void silent() {
        long last = Math.max(record.lastChunkNanos, record.firstByteNanos);
        long left = last + worker.responseIdleNanos() - worker.now();
        if (left > 0) {
            worker.timers().arm(silence, left);
        } else {
            exchange.responseStalled(
                    paused ? "the client stopped reading" : "the server fell silent");
        }
    }
}

package io.weir.proxy.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.weir.body.EventEnds;
import io.weir.body.Usage;
import io.weir.body.UsageReader;
import io.weir.picker.PickResult;
import io.weir.proxy.loop.Deadline;
import io.weir.telemetry.ExchangeRecord;

import org.jspecify.annotations.Nullable;

import java.util.Objects;

/**
 * Passes an answer's body on as it arrives, and reads token usage in passing.
 *
 * <p>When the client takes less than the server gives, the server is not read until the client has
 * caught up.
 */
final class ResponseRelay {

    private final ExchangeServing exchange;
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
    private @Nullable ResponseReview review;
    private @Nullable StreamEnd ending;
    private long headNanos;
    private int lastBytes = EventEnds.BEGINNING;
    private boolean canEndEarly;
    private boolean paused;
    private boolean held;

    ResponseRelay(
            ExchangeServing exchange,
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

    ExchangeRecord record() {
        return record;
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
        headNanos = worker.now();
        if (worker.responseIdleNanos() > 0) {
            worker.timers().arm(silence, worker.responseIdleNanos());
        }
    }

    /** Passes the head on, or shows it to a picker that wants to see it first. */
    void head(
            HttpResponseStatus status,
            HttpHeaders headers,
            Forwarding.@Nullable ResponsePicker picker) {
        if (picker == null || picker.session().isOver()) {
            canEndEarly = record.streamed && isOpenText(headers);
            stream.head(status, headers);
            return;
        }
        boolean hasBody =
                !record.method.equals("HEAD") && status.code() != 204 && status.code() != 304;
        review = new ResponseReview(exchange, worker, this, picker, hasBody);
        review.head(status, headers, Objects.requireNonNull(record.endpoint));
    }

    /** Returns whether more text can be added to a body with these headers. */
    private static boolean isOpenText(HttpHeaders headers) {
        return !headers.contains(HttpHeaderNames.CONTENT_LENGTH)
                && !headers.contains(HttpHeaderNames.CONTENT_ENCODING);
    }

    void piece(ByteBuf piece) {
        if (ending == null) {
            pass(piece);
            return;
        }
        int rest = EventStream.restOfEvent(lastBytes, piece);
        if (rest < 0) {
            pass(piece);
        } else {
            pass(piece.writerIndex(piece.readerIndex() + rest));
            ending.end();
        }
    }

    private void pass(ByteBuf piece) {
        record.lastChunkNanos = worker.now();
        record.responseBytes += piece.readableBytes();
        if (usage != null) {
            feed(usage, piece);
        }
        if (canEndEarly) {
            lastBytes = EventStream.after(lastBytes, piece);
        }
        if (review == null) {
            deliver(piece);
        } else {
            review.piece(piece);
        }
    }

    /**
     * Has a stream of events end with one that tells why.
     *
     * @return false when the answer is none to which that can be added
     */
    boolean endEarly(PickResult.Refused refused) {
        if (canEndEarly) {
            ending = new StreamEnd(exchange, refused);
            ending.begin(worker, lastBytes);
        }
        return canEndEarly;
    }

    /** Says that the server's answer is complete. */
    void end(HttpHeaders trailers) {
        if (review == null) {
            exchange.relayed(trailers);
        } else {
            review.end(trailers);
        }
    }

    /** Writes the head as a picker wants it. */
    void deliverHead(HttpResponseStatus status, HttpHeaders headers) {
        record.status = status.code();
        stream.head(status, headers);
    }

    /** Writes a piece; takes it over. */
    void deliver(ByteBuf piece) {
        stream.body(piece);
        if (!paused && !stream.isWritable()) {
            paused = true;
            pauseServer();
            if (review != null) {
                review.pause(true);
            }
        }
    }

    void flush() {
        stream.flush();
    }

    /** Stops or resumes reading the server because of the picker. */
    void hold(boolean hold) {
        held = hold;
        pauseServer();
    }

    private void pauseServer() {
        attempt.pauseReading(paused || held);
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
            pauseServer();
            if (review != null) {
                review.pause(false);
            }
        }
    }

    /** Settles what was read in passing. */
    void close() {
        worker.timers().cancel(silence);
        if (ending != null) {
            worker.timers().cancel(ending);
        }
        if (review != null) {
            review.close();
        }
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
        long last = record.lastChunkNanos == 0 ? headNanos : record.lastChunkNanos;
        long left = last + worker.responseIdleNanos() - worker.now();
        if (left > 0) {
            worker.timers().arm(silence, left);
        } else {
            exchange.responseStalled(
                    paused ? "the client stopped reading" : "the server fell silent");
        }
    }
}

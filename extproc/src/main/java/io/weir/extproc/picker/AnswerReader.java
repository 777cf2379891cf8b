package io.weir.extproc.picker;

import com.google.protobuf.ByteString;

import io.weir.body.Usage;
import io.weir.body.UsageReader;
import io.weir.extproc.wire.Headers;
import io.weir.telemetry.ExchangeRecord;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;

/** Reads usage from a response in passing. */
final class AnswerReader {

    private final @Nullable UsageReader usage;
    private final @Nullable GrpcUsageReader grpc;
    private final ExchangeRecord exchange;
    private final boolean isStream;

    private AnswerReader(
            @Nullable UsageReader usage,
            @Nullable GrpcUsageReader grpc,
            ExchangeRecord exchange,
            boolean isStream) {
        this.usage = usage;
        this.grpc = grpc;
        this.exchange = exchange;
        this.isStream = isStream;
    }

    static AnswerReader of(Headers response, ExchangeRecord exchange) {
        if (isEventStream(response)) {
            exchange.streamed = true;
            return new AnswerReader(UsageReader.sse(), null, exchange, true);
        }
        String type = response.get("content-type");
        if (type != null && type.startsWith("application/grpc")) {
            EngineMethod method = EngineMethod.of(exchange.path);
            GrpcUsageReader usage = method == null ? null : new GrpcUsageReader(method);
            return new AnswerReader(null, usage, exchange, true);
        }
        boolean json = type != null && type.contains("json");
        return new AnswerReader(json ? UsageReader.json() : null, null, exchange, false);
    }

    /** Returns whether an answer with these headers is a stream of events. */
    static boolean isEventStream(Headers response) {
        String type = response.get("content-type");
        return type != null && type.contains("text/event-stream");
    }

    /**
     * Returns whether the answer comes bit by bit, so that its headers say nothing of its times.
     */
    boolean isStream() {
        return isStream;
    }

    /** Returns whether there is something to read. */
    boolean reads() {
        return usage != null || grpc != null;
    }

    void feed(ByteString piece) {
        exchange.responseBytes += piece.size();
        exchange.lastChunkNanos = System.nanoTime();
        if (grpc != null) {
            grpc.feed(piece);
        }
        if (usage == null) {
            return;
        }
        for (ByteBuffer slice : piece.asReadOnlyByteBufferList()) {
            usage.feed(slice);
        }
    }

    /** Notes what was read and returns the answer's tokens; -1 when unknown. */
    long finish() {
        if (reads()) {
            exchange.usage = usage();
            exchange.streamEvents = grpc == null ? events() : grpc.frames();
        }
        return usage().completionTokens();
    }

    private int events() {
        return usage == null ? 0 : usage.events();
    }

    /** Returns what was read so far. */
    Usage usage() {
        if (grpc != null) {
            return grpc.usage();
        }
        return usage == null ? Usage.UNKNOWN : usage.usage();
    }
}

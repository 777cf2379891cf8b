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
    private final ExchangeRecord exchange;

    private AnswerReader(@Nullable UsageReader usage, ExchangeRecord exchange) {
        this.usage = usage;
        this.exchange = exchange;
    }

    static AnswerReader of(Headers response, ExchangeRecord exchange) {
        String type = response.get("content-type");
        if (type != null && type.contains("text/event-stream")) {
            exchange.streamed = true;
            return new AnswerReader(UsageReader.sse(), exchange);
        }
        boolean json = type != null && type.contains("json");
        return new AnswerReader(json ? UsageReader.json() : null, exchange);
    }

    /** Returns whether there is something to read. */
    boolean reads() {
        return usage != null;
    }

    void feed(ByteString piece) {
        exchange.responseBytes += piece.size();
        exchange.lastChunkNanos = System.nanoTime();
        if (usage == null) {
            return;
        }
        for (ByteBuffer slice : piece.asReadOnlyByteBufferList()) {
            usage.feed(slice);
        }
    }

    /** Notes what was read and returns the answer's tokens; -1 when unknown. */
    long finish() {
        if (usage == null) {
            return -1;
        }
        Usage read = usage.usage();
        exchange.usage = read;
        exchange.streamEvents = usage.events();
        return read.completionTokens();
    }
}

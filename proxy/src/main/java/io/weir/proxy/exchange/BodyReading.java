package io.weir.proxy.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.weir.body.BodyException;
import io.weir.body.BodyFacts;
import io.weir.body.BodyScanner;
import io.weir.body.ContentKind;
import io.weir.body.ContentKinds;
import io.weir.body.OpenAiError;
import io.weir.config.Listener;

import org.jspecify.annotations.Nullable;

/** Reads the facts of a body while it is held. */
final class BodyReading {

    private final Worker worker;
    private final ContentKind kind;
    private @Nullable BodyScanner scanner;
    private @Nullable BodyFacts facts;

    BodyReading(Worker worker, IncomingRequest request) {
        this.worker = worker;
        this.kind =
                ContentKinds.of(
                        request.method(),
                        request.path(),
                        request.headers().get(HttpHeaderNames.CONTENT_TYPE),
                        request.headers().get(HttpHeaderNames.CONTENT_ENCODING));
        this.scanner = kind == ContentKind.SCAN ? worker.takeScanner() : null;
    }

    /** Returns the answer to a body that is announced with a length, or null when it may come. */
    static @Nullable Answer refusalOf(long bodyBytes, Listener listener, Worker worker) {
        long most = Math.min(listener.bodyLimitBytes(), worker.bodies().limitBytes());
        if (bodyBytes > most) {
            return Answer.bodyTooLarge(most);
        }
        return worker.bodies().hasRoomFor(bodyBytes) ? null : Answer.tooManyBodies();
    }

    /** Returns the answer to a body that can't be read, or null. */
    @Nullable Answer refusal() {
        return switch (kind) {
            case SCAN, PASS_THROUGH -> null;
            case REFUSE ->
                    Answer.error(
                            OpenAiError.unsupportedMediaType(
                                    "A JSON body must come without a content encoding."),
                            "content encoding");
        };
    }

    void feed(ByteBuf piece) {
        if (scanner == null) {
            return;
        }
        if (piece.nioBufferCount() == 1) {
            scanner.feed(piece.nioBuffer());
        } else {
            for (var part : piece.nioBuffers()) {
                scanner.feed(part);
            }
        }
    }

    /**
     * Settles the facts of a complete body.
     *
     * @return the answer to a body that is refused, or null
     */
    @Nullable Answer finish() {
        if (scanner == null) {
            return null;
        }
        try {
            facts = scanner.finish();
            return null;
        } catch (BodyException e) {
            return Answer.error(OpenAiError.of(e), String.valueOf(e.getMessage()));
        } finally {
            close();
        }
    }

    /** Returns the facts; null when the body is none that is read, or is not complete. */
    @Nullable BodyFacts facts() {
        return facts;
    }

    void close() {
        if (scanner != null) {
            worker.giveScanner(scanner);
            scanner = null;
        }
    }
}

package io.weir.proxy.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.weir.body.ModelSplice;
import io.weir.proxy.http.Http1Writer;
import io.weir.proxy.http.WeirHeaders;
import io.weir.proxy.upstream.UpstreamConnection;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * A request as it goes to a server; the same for every attempt, but for headers of the picker.
 *
 * <p>A body that is complete goes with its length, one that still comes as it was announced. Only a
 * body with trailers stays chunked in any case.
 */
final class OutgoingRequest {

    /** A body up to this size is copied behind the head: one buffer, one write. */
    private static final int COPY_BYTES = 8 * 1024;

    private static final int HEAD_BYTES = 1024;

    private final String method;
    private final String uri;
    private final HttpHeaders headers;
    private final RequestBody body;
    private final @Nullable ModelSplice splice;
    private final boolean chunked;

    OutgoingRequest(
            String method,
            String uri,
            HttpHeaders headers,
            RequestBody body,
            long announcedBytes,
            @Nullable ModelSplice splice) {
        this.method = method;
        this.uri = uri;
        this.headers = headers;
        this.body = body;
        this.splice = splice;
        this.chunked = body.isComplete() ? !body.trailers().isEmpty() : announcedBytes < 0;
        if (chunked) {
            headers.remove(HttpHeaderNames.CONTENT_LENGTH);
            headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        } else if (announcedBytes != 0) {
            headers.set(HttpHeaderNames.CONTENT_LENGTH, length(announcedBytes));
        }
    }

    private String length(long announcedBytes) {
        if (!body.isComplete()) {
            return Long.toString(announcedBytes);
        }
        return Long.toString(body.bytes() + (splice == null ? 0 : splice.delta()));
    }

    /** Returns the headers; changes before {@link #start} are sent. */
    HttpHeaders headers() {
        return headers;
    }

    /** Writes the head and what is held of the body. */
    void start(UpstreamConnection connection) {
        connection.expectAnswerTo(method);
        ByteBuf out = connection.alloc().buffer(HEAD_BYTES);
        Http1Writer.request(out, method, uri, headers);
        if (splice != null) {
            List<ByteBuf> pieces = body.spliced(splice);
            out = writeAll(connection, out, pieces, splice.delta());
            pieces.forEach(ByteBuf::release);
        } else {
            out = writeAll(connection, out, body.pieces(), 0);
        }
        if (body.isComplete()) {
            if (chunked) {
                Http1Writer.lastChunk(out, trailers());
            }
            connection.requestSent();
        }
        connection.write(out);
    }

    /** Writes pieces behind a head and returns the buffer that still has to be written. */
    private ByteBuf writeAll(
            UpstreamConnection connection, ByteBuf head, List<ByteBuf> pieces, long delta) {
        ByteBuf out = head;
        boolean copy = body.bytes() + delta <= COPY_BYTES;
        for (ByteBuf piece : pieces) {
            if (chunked) {
                Http1Writer.chunkStart(out, piece.readableBytes());
            }
            if (copy) {
                out.writeBytes(piece, piece.readerIndex(), piece.readableBytes());
            } else {
                connection.write(out);
                connection.write(piece.retainedDuplicate());
                out = chunked ? frameBuffer(connection) : Unpooled.EMPTY_BUFFER;
            }
            if (chunked) {
                Http1Writer.chunkEnd(out);
            }
        }
        return out;
    }

    private static ByteBuf frameBuffer(UpstreamConnection connection) {
        return connection.alloc().buffer(2 * Http1Writer.CHUNK_FRAME_BYTES);
    }

    /** Writes a further piece of a body that streams through; takes it over. */
    void piece(UpstreamConnection connection, ByteBuf piece) {
        if (!chunked) {
            connection.write(piece);
            return;
        }
        ByteBuf start = frameBuffer(connection);
        Http1Writer.chunkStart(start, piece.readableBytes());
        connection.write(start);
        connection.write(piece);
        ByteBuf end = connection.alloc().buffer(2);
        Http1Writer.chunkEnd(end);
        connection.write(end);
    }

    /** Writes the end of a body that streamed through; flushes. */
    void end(UpstreamConnection connection) {
        if (chunked) {
            ByteBuf last = connection.alloc().buffer(HEAD_BYTES / 4);
            Http1Writer.lastChunk(last, trailers());
            connection.write(last);
        }
        connection.requestSent();
        connection.flush();
    }

    private HttpHeaders trailers() {
        HttpHeaders trailers = body.trailers();
        if (!trailers.isEmpty()) {
            WeirHeaders.removeRouting(trailers);
        }
        return trailers;
    }
}

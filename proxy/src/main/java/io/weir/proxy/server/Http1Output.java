package io.weir.proxy.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.weir.proxy.http.Http1Writer;

import org.jspecify.annotations.Nullable;

/**
 * The answers of an HTTP/1.1 connection as bytes. What was written last is kept back until the next
 * flush, so that small parts (head, first piece, end) share a buffer and one write to the socket.
 */
final class Http1Output {

    /** How the end of a body is known (RFC 9112 section 6). */
    enum Framing {
        /** There is no body. */
        NONE,
        /** By its length. */
        LENGTH,
        /** By the last chunk. */
        CHUNKED,
        /** By the end of the connection. */
        UNTIL_CLOSE
    }

    /** A piece of a body up to this size is copied into one buffer with its framing. */
    private static final int COPY_BYTES = 4 * 1024;

    /** No more than this is kept back. */
    private static final int KEEP_BACK_BYTES = 8 * 1024;

    private static final int HEAD_BYTES = 512;

    private final Channel channel;
    private @Nullable ByteBuf unsent;
    private Framing framing = Framing.NONE;

    Http1Output(Channel channel) {
        this.channel = channel;
    }

    static Framing framingOf(
            boolean answersHead, boolean http10, HttpResponseStatus status, HttpHeaders headers) {
        if (answersHead || status.code() == 204 || status.code() == 304) {
            return Framing.NONE;
        }
        if (headers.contains(HttpHeaderNames.CONTENT_LENGTH)) {
            return Framing.LENGTH;
        }
        return http10 ? Framing.UNTIL_CLOSE : Framing.CHUNKED;
    }

    void sendContinue() {
        ByteBuf out = channel.alloc().buffer(HEAD_BYTES);
        Http1Writer.continue100(out);
        channel.writeAndFlush(out, channel.voidPromise());
    }

    void head(Framing bodyFraming, HttpResponseStatus status, HttpHeaders headers) {
        framing = bodyFraming;
        if (framing == Framing.CHUNKED) {
            headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        }
        ByteBuf out = channel.alloc().buffer(HEAD_BYTES);
        Http1Writer.response(out, status, headers);
        unsent = out;
    }

    boolean isUntilClose() {
        return framing == Framing.UNTIL_CLOSE;
    }

    /** Writes a piece of the body; takes it over. */
    void body(ByteBuf piece) {
        int length = piece.readableBytes();
        if (framing == Framing.NONE || length == 0) {
            piece.release();
            return;
        }
        ByteBuf out = unsentFor(length);
        if (framing == Framing.CHUNKED) {
            Http1Writer.chunkStart(out, length);
        }
        if (length <= COPY_BYTES) {
            out.writeBytes(piece);
            piece.release();
        } else {
            write(out);
            channel.write(piece, channel.voidPromise());
            out = channel.alloc().buffer(2 * Http1Writer.CHUNK_FRAME_BYTES);
        }
        if (framing == Framing.CHUNKED) {
            Http1Writer.chunkEnd(out);
        }
        unsent = out;
        if (out.readableBytes() >= KEEP_BACK_BYTES) {
            writeUnsent();
        }
    }

    private ByteBuf unsentFor(int length) {
        if (unsent != null) {
            return unsent;
        }
        int copied = length <= COPY_BYTES ? length : 0;
        return channel.alloc().buffer(copied + 2 * Http1Writer.CHUNK_FRAME_BYTES);
    }

    void end(HttpHeaders trailers) {
        if (framing == Framing.CHUNKED) {
            ByteBuf out = unsentFor(0);
            Http1Writer.lastChunk(out, trailers);
            unsent = out;
        }
    }

    void flush() {
        writeUnsent();
        channel.flush();
    }

    /** Flushes; the future tells when everything has gone to the socket. */
    ChannelFuture flushed() {
        writeUnsent();
        return channel.writeAndFlush(Unpooled.EMPTY_BUFFER);
    }

    private void writeUnsent() {
        if (unsent != null) {
            ByteBuf out = unsent;
            unsent = null;
            write(out);
        }
    }

    private void write(ByteBuf out) {
        if (out.isReadable()) {
            channel.write(out, channel.voidPromise());
        } else {
            out.release();
        }
    }

    void release() {
        if (unsent != null) {
            unsent.release();
            unsent = null;
        }
    }
}

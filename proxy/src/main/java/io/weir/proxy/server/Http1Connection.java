package io.weir.proxy.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.weir.proxy.exchange.ClientInfo;
import io.weir.proxy.exchange.ClientStream;
import io.weir.proxy.exchange.Exchange;
import io.weir.proxy.exchange.Worker;
import io.weir.proxy.http.Http1Writer;
import io.weir.proxy.loop.Deadline;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;

/**
 * A client's HTTP/1.1 connection: one exchange after the other.
 *
 * <p>Further requests that arrive meanwhile wait, decoded, in a queue; the socket is not read again
 * before they are served, so that the queue never holds more than one read's worth.
 *
 * <pre>
 *          head                    answer complete, request complete
 *   IDLE ────────▶ SERVING ─────────────────────────────────────────▶ IDLE
 *    │ idle too long  │ answer complete, request is not      no keep-alive │
 *    │ or draining    ▼                                                    │
 *    │            LINGERING ── all read, or too long ──▶ CLOSED ◀──────────┤
 *    └───────────────────────────────────────────────────▲─────────────────┘
 * </pre>
 */
final class Http1Connection extends ChannelInboundHandlerAdapter implements ClientStream {

    /** A piece of a body up to this size is copied into one buffer with its framing. */
    private static final int COPY_BYTES = 4 * 1024;

    private static final int HEAD_BYTES = 512;

    private enum Framing {
        NONE,
        LENGTH,
        CHUNKED,
        UNTIL_CLOSE
    }

    private final ServerPort port;
    private final Worker worker;
    private final Channel channel;
    private final ArrayDeque<Object> waiting = new ArrayDeque<>(4);
    private final Deadline deadline =
            new Deadline() {
                @Override
                protected void expired() {
                    timeUp();
                }
            };

    private @Nullable ClientInfo client;
    private @Nullable Exchange exchange;
    private @Nullable ByteBuf unsent;
    private Framing framing = Framing.NONE;
    private boolean headRequest;
    private boolean http10;
    private boolean keepAlive;
    private boolean requestComplete;
    private boolean serving;
    private boolean lingering;
    private boolean headBegun;
    private boolean pausedByExchange;
    private boolean takingTurns;

    Http1Connection(ServerPort port, Worker worker, Channel channel) {
        this.port = port;
        this.worker = worker;
        this.channel = channel;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        var remote = (InetSocketAddress) channel.remoteAddress();
        client = new ClientInfo(remote.getAddress().getHostAddress(), "http");
        port.opened(this);
        arm(port.limits().idleTimeout());
    }

    // Requests.

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (lingering) {
            ReferenceCountUtil.release(message);
        } else if (!isReadingRequest() || !waiting.isEmpty()) {
            waiting.addLast(message);
        } else {
            handle(message);
        }
    }

    /** Returns whether what the decoder brings next belongs to now: a head, or the body of one. */
    private boolean isReadingRequest() {
        return !serving || !requestComplete;
    }

    private void handle(Object message) {
        if (message instanceof HttpRequest request) {
            head(request);
        }
        if (message instanceof HttpContent content) {
            content(content);
        }
    }

    private void head(HttpRequest request) {
        headBegun = false;
        serving = true;
        requestComplete = false;
        headRequest = request.method().equals(HttpMethod.HEAD);
        http10 = request.protocolVersion().equals(HttpVersion.HTTP_1_0);
        keepAlive = HttpUtil.isKeepAlive(request) && !port.isDraining();
        if (request.decoderResult().isFailure()) {
            requestComplete = true;
            keepAlive = false;
            Refusals.answer(this, request.decoderResult().cause());
            return;
        }
        arm(port.limits().bodyTimeout());
        exchange = new Exchange(worker, port.server(), clientInfo(), this);
        exchange.begin(request);
    }

    private ClientInfo clientInfo() {
        return client == null ? new ClientInfo("", "http") : client;
    }

    private void content(HttpContent content) {
        boolean last = content instanceof LastHttpContent;
        Exchange reader = exchange;
        if (content.decoderResult().isFailure()) {
            content.release();
            keepAlive = false;
            requestComplete = true;
            worker.timers().cancel(deadline);
            if (reader != null) {
                reader.bodyMalformed();
            }
            return;
        }
        ByteBuf piece = content.content();
        if (reader == null || !piece.isReadable()) {
            piece.release();
        } else {
            reader.requestPiece(piece);
        }
        if (last) {
            requestEnd(((LastHttpContent) content).trailingHeaders());
        } else if (serving && !pausedByExchange) {
            arm(port.limits().bodyTimeout());
        }
    }

    private void requestEnd(HttpHeaders trailers) {
        requestComplete = true;
        worker.timers().cancel(deadline);
        if (exchange != null) {
            exchange.requestEnd(trailers);
        } else if (lingering) {
            channel.close();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (exchange != null) {
            exchange.requestReadComplete();
        } else if (!serving && !headBegun && !lingering) {
            // Bytes came, but no whole head.
            headBegun = true;
            arm(port.limits().headerTimeout());
        }
        adjustReading();
    }

    private void adjustReading() {
        channel.config().setAutoRead(!pausedByExchange && waiting.isEmpty());
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (exchange != null) {
            exchange.clientWritable();
        }
    }

    // Answers.

    @Override
    public void sendContinue() {
        if (!http10) {
            ByteBuf out = channel.alloc().buffer(HEAD_BYTES);
            Http1Writer.continue100(out);
            channel.writeAndFlush(out, channel.voidPromise());
        }
    }

    @Override
    public void head(HttpResponseStatus status, HttpHeaders headers) {
        if (!requestComplete || port.isDraining()) {
            keepAlive = false;
        }
        framing = framingOf(status, headers);
        if (framing == Framing.CHUNKED) {
            headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        } else if (framing == Framing.UNTIL_CLOSE) {
            keepAlive = false;
        }
        if (!keepAlive) {
            headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        } else if (http10) {
            headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
        }
        ByteBuf out = channel.alloc().buffer(HEAD_BYTES);
        Http1Writer.response(out, status, headers);
        unsent = out;
    }

    private Framing framingOf(HttpResponseStatus status, HttpHeaders headers) {
        if (headRequest || status.code() == 204 || status.code() == 304) {
            return Framing.NONE;
        }
        if (headers.contains(HttpHeaderNames.CONTENT_LENGTH)) {
            return Framing.LENGTH;
        }
        return http10 ? Framing.UNTIL_CLOSE : Framing.CHUNKED;
    }

    @Override
    public void body(ByteBuf piece) {
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
            out = channel.alloc().buffer(Http1Writer.CHUNK_FRAME_BYTES * 2);
        }
        if (framing == Framing.CHUNKED) {
            Http1Writer.chunkEnd(out);
        }
        unsent = out;
    }

    private ByteBuf unsentFor(int length) {
        if (unsent != null) {
            return unsent;
        }
        int copied = length <= COPY_BYTES ? length : 0;
        return channel.alloc().buffer(copied + Http1Writer.CHUNK_FRAME_BYTES * 2);
    }

    private void write(ByteBuf out) {
        if (out.isReadable()) {
            channel.write(out, channel.voidPromise());
        } else {
            out.release();
        }
    }

    private void writeUnsent() {
        if (unsent != null) {
            ByteBuf out = unsent;
            unsent = null;
            write(out);
        }
    }

    @Override
    public void flush() {
        writeUnsent();
        channel.flush();
    }

    @Override
    public void end(HttpHeaders trailers) {
        if (framing == Framing.CHUNKED) {
            ByteBuf out = unsentFor(0);
            Http1Writer.lastChunk(out, trailers);
            unsent = out;
        }
        exchange = null;
        pausedByExchange = false;
        if (!requestComplete) {
            linger();
        } else if (!keepAlive) {
            closeWhenSent();
        } else {
            flush();
            serving = false;
            arm(port.limits().idleTimeout());
            takeTurns();
        }
    }

    /** Serves the requests that wait, unless that is being done already further up the stack. */
    private void takeTurns() {
        if (takingTurns) {
            return;
        }
        takingTurns = true;
        while (!waiting.isEmpty() && isReadingRequest() && !lingering) {
            handle(waiting.removeFirst());
        }
        takingTurns = false;
        if (exchange != null) {
            exchange.requestReadComplete();
        }
        adjustReading();
    }

    /**
     * The answer came before the request was complete. To close now would reset the connection, and
     * the client might lose the answer with it: the rest is read and thrown away for a while.
     */
    private void linger() {
        lingering = true;
        writeUnsent();
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER)
                .addListener(_ -> ((DuplexChannel) channel).shutdownOutput());
        releaseWaiting();
        channel.config().setAutoRead(true);
        arm(port.limits().lingerTimeout());
    }

    private void closeWhenSent() {
        lingering = true;
        writeUnsent();
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        releaseWaiting();
        arm(port.limits().idleTimeout());
    }

    @Override
    public void abort() {
        exchange = null;
        writeUnsent();
        if (framing == Framing.UNTIL_CLOSE) {
            // Without a length, only a reset tells the client that something is missing.
            channel.flush();
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
            channel.close();
        } else {
            closeWhenSent();
        }
    }

    @Override
    public boolean isWritable() {
        return channel.isWritable();
    }

    @Override
    public void pauseReading(boolean pause) {
        pausedByExchange = pause;
        if (pause) {
            worker.timers().cancel(deadline);
        } else if (!requestComplete) {
            arm(port.limits().bodyTimeout());
        }
        adjustReading();
    }

    @Override
    public ByteBufAllocator alloc() {
        return channel.alloc();
    }

    // The connection.

    /** Closes the connection now when it is idle, else after the answer. */
    void drain() {
        keepAlive = false;
        if (!serving && waiting.isEmpty()) {
            channel.close();
        }
    }

    /** Closes the connection, whatever it is doing. */
    void close() {
        channel.close();
    }

    Channel channel() {
        return channel;
    }

    private void arm(Duration delay) {
        worker.timers().arm(deadline, delay.toNanos());
    }

    private void timeUp() {
        if (exchange != null) {
            exchange.bodyTimedOut();
        } else if (headBegun && !lingering) {
            serving = true;
            requestComplete = true;
            keepAlive = false;
            Refusals.headTimedOut(this);
        } else {
            channel.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        worker.timers().cancel(deadline);
        port.closed(this);
        releaseWaiting();
        if (exchange != null) {
            Exchange loser = exchange;
            exchange = null;
            loser.clientGone();
        }
        if (unsent != null) {
            unsent.release();
            unsent = null;
        }
        lingering = true;
    }

    private void releaseWaiting() {
        waiting.forEach(ReferenceCountUtil::release);
        waiting.clear();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (exchange != null && !(cause instanceof IOException)) {
            keepAlive = false;
            exchange.broken(cause);
        } else {
            channel.close();
        }
    }
}

package io.weir.proxy.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
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
 * before they are served, so that the queue never holds more than one read's worth. Nor is a
 * request begun while answers to earlier ones wait for the client to take them.
 *
 * <pre>
 *          head                    answer complete, request complete
 *   IDLE ────────▶ SERVING ─────────────────────────────────────────▶ IDLE
 *    │ idle too long  │ answer complete, request is not      no keep-alive │
 *    │                ▼                                                    │
 *    │            LINGERING ── all read, or too long ──▶ CLOSED ◀──────────┤
 *    └───────────────────────────────────────────────────▲─────────────────┘
 * </pre>
 */
final class Http1Connection extends ChannelInboundHandlerAdapter implements ClientStream {

    /** Less than 100,000 bytes. */
    private static final int SMALL_LENGTH_DIGITS = 6;

    private final ServerPort port;
    private final Worker worker;
    private final Channel channel;
    private final Http1Output out;
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
    private boolean headRequest;
    private boolean http10;
    private boolean keepAlive;
    private boolean requestComplete;
    private boolean restIsSmall;
    private boolean serving;
    private boolean lingering;
    private boolean headBegun;
    private boolean messageRead;
    private boolean pausedByExchange;
    private boolean takingTurns;

    Http1Connection(ServerPort port, Worker worker, Channel channel) {
        this.port = port;
        this.worker = worker;
        this.channel = channel;
        this.out = new Http1Output(channel);
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
        messageRead = true;
        if (lingering) {
            discard(message);
        } else if (mayHandleNext() && waiting.isEmpty()) {
            handle(message);
        } else {
            waiting.addLast(message);
        }
    }

    private void discard(Object message) {
        boolean last = message instanceof LastHttpContent end && end.decoderResult().isSuccess();
        ReferenceCountUtil.release(message);
        if (last) {
            out.flushed().addListener(ChannelFutureListener.CLOSE);
        }
    }

    /** Returns whether what the decoder brings next belongs to now: a head, or the body of one. */
    private boolean mayHandleNext() {
        return serving ? !requestComplete : channel.isWritable();
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
        keepAlive = HttpUtil.isKeepAlive(request);
        restIsSmall = isSmall(request.headers());
        if (request.decoderResult().isFailure()) {
            beginRefusal();
            Refusals.answer(this, request.decoderResult().cause());
            return;
        }
        arm(port.limits().bodyTimeout());
        exchange = new Exchange(worker, port.server(), clientInfo(), this);
        exchange.begin(request);
    }

    /** Returns whether a body is so short that it may as well be read after an early answer. */
    private static boolean isSmall(HttpHeaders headers) {
        if (headers.contains(HttpHeaderNames.TRANSFER_ENCODING)
                || headers.contains(HttpHeaderNames.EXPECT)) {
            return false;
        }
        String length = headers.get(HttpHeaderNames.CONTENT_LENGTH);
        return length == null || length.length() < SMALL_LENGTH_DIGITS;
    }

    /** Begins the answer to what is no request, and of which nobody knows where it ends. */
    private void beginRefusal() {
        serving = true;
        requestComplete = false;
        restIsSmall = false;
        keepAlive = false;
    }

    private ClientInfo clientInfo() {
        return client == null ? new ClientInfo("", "http") : client;
    }

    private void content(HttpContent content) {
        if (lingering) {
            discard(content);
            return;
        }
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
        } else {
            idle();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (exchange != null) {
            exchange.requestReadComplete();
        } else if (!serving && !messageRead && !headBegun && !lingering) {
            // Bytes came, but no whole head.
            headBegun = true;
            arm(port.limits().headerTimeout());
        }
        messageRead = false;
        adjustReading();
    }

    private void adjustReading() {
        channel.config().setAutoRead(!pausedByExchange && waiting.isEmpty());
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (exchange != null) {
            exchange.clientWritable();
        } else if (channel.isWritable()) {
            takeTurns();
        }
    }

    // Answers.

    @Override
    public void sendContinue() {
        if (!http10) {
            out.sendContinue();
        }
    }

    @Override
    public void head(HttpResponseStatus status, HttpHeaders headers) {
        boolean leaving = port.isDraining() && waiting.isEmpty();
        if (leaving || (!requestComplete && !restIsSmall)) {
            keepAlive = false;
        }
        var framing = Http1Output.framingOf(headRequest, http10, status, headers);
        if (framing == Http1Output.Framing.UNTIL_CLOSE) {
            keepAlive = false;
        }
        if (!keepAlive) {
            headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        } else if (http10) {
            headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
        }
        out.head(framing, status, headers);
    }

    @Override
    public void body(ByteBuf piece) {
        out.body(piece);
    }

    @Override
    public void flush() {
        out.flush();
    }

    @Override
    public void end(HttpHeaders trailers) {
        out.end(trailers);
        exchange = null;
        pausedByExchange = false;
        if (!keepAlive) {
            if (requestComplete) {
                closeWhenSent();
            } else {
                linger();
            }
            return;
        }
        flush();
        if (requestComplete) {
            idle();
            takeTurns();
        }
    }

    private void idle() {
        serving = false;
        arm(port.isDraining() ? port.limits().drainGrace() : port.limits().idleTimeout());
    }

    /** Serves the requests that wait, unless that is being done already further up the stack. */
    private void takeTurns() {
        if (takingTurns) {
            return;
        }
        takingTurns = true;
        while (!waiting.isEmpty() && mayHandleNext() && !lingering) {
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
        out.flushed().addListener(_ -> ((DuplexChannel) channel).shutdownOutput());
        releaseWaiting();
        channel.config().setAutoRead(true);
        arm(port.limits().lingerTimeout());
    }

    private void closeWhenSent() {
        lingering = true;
        out.flushed().addListener(ChannelFutureListener.CLOSE);
        releaseWaiting();
        arm(port.limits().idleTimeout());
    }

    @Override
    public void abort() {
        exchange = null;
        if (out.isUntilClose()) {
            // Without a length, only a reset tells the client that something is missing.
            out.flush();
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

    /**
     * Closes the connection after the answer it is giving; when it is idle, after a moment, since a
     * request may be on its way.
     */
    void drain() {
        if (!serving && !headBegun && !lingering && waiting.isEmpty()) {
            arm(port.limits().drainGrace());
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
            keepAlive = false;
            exchange.bodyTimedOut();
        } else if (headBegun && !lingering) {
            headBegun = false;
            beginRefusal();
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
        out.release();
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

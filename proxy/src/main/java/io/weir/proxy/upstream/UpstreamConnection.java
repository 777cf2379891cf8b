package io.weir.proxy.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.weir.proxy.loop.Deadline;

import org.jspecify.annotations.Nullable;

/**
 * A connection to a server: idle in its pool, or in use by one {@link UpstreamUser}.
 *
 * <pre>
 *             begin                 last byte, may be kept
 *   IDLE ───────────────▶ IN USE ───────────────────────────▶ IDLE
 *    │ closed, timeout,     │ closed, malformed, given up,
 *    │ unasked-for bytes    │ last byte of what can't be kept
 *    └──────────────────────┴──▶ CLOSED
 * </pre>
 */
public final class UpstreamConnection extends ChannelInboundHandlerAdapter {

    private final EndpointPool pool;
    private final Channel channel;
    private final ResponseDecoder decoder;
    private final Deadline idleDeadline =
            new Deadline() {
                @Override
                protected void expired() {
                    channel.close();
                }
            };

    private @Nullable UpstreamUser user;
    private boolean reused;
    private boolean requestSent;
    private boolean headSeen;
    private boolean interim;
    private boolean keepAlive;
    private String lastError = "connection closed";

    UpstreamConnection(EndpointPool pool, Channel channel, ResponseDecoder decoder) {
        this.pool = pool;
        this.channel = channel;
        this.decoder = decoder;
    }

    Deadline idleDeadline() {
        return idleDeadline;
    }

    boolean isOpen() {
        return channel.isActive();
    }

    /** Hands the connection to a user. */
    void begin(UpstreamUser newUser, boolean wasIdle) {
        user = newUser;
        reused = wasIdle;
        requestSent = false;
        headSeen = false;
        keepAlive = false;
        newUser.connected(this);
    }

    /** Says what the request is, before its first byte is written. */
    public void expectAnswerTo(String method) {
        decoder.answersHead(method.equals("HEAD"));
    }

    /** Writes a piece of the request; takes it over. */
    public void write(ByteBuf bytes) {
        channel.write(bytes, channel.voidPromise());
    }

    /** Sends what was written. */
    public void flush() {
        channel.flush();
    }

    /** Says that the request was written completely; only then can the connection be kept. */
    public void requestSent() {
        requestSent = true;
    }

    /** Returns whether little enough waits to be sent. */
    public boolean isWritable() {
        return channel.isWritable();
    }

    /** Stops or resumes reading the answer. */
    public void pauseReading(boolean pause) {
        channel.config().setAutoRead(!pause);
    }

    /** Returns the allocator for what is written here. */
    public ByteBufAllocator alloc() {
        return channel.alloc();
    }

    /** Gives the connection up. Nothing more is told to the user. */
    public void close() {
        user = null;
        channel.close();
    }

    /** Puts the connection back without having used it. */
    public void putBack() {
        user = null;
        pool.keep(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        UpstreamUser reader = user;
        if (reader == null) {
            ReferenceCountUtil.release(message);
            context.close();
            return;
        }
        if (message instanceof HttpResponse response) {
            head(reader, response);
        } else if (message instanceof HttpContent content) {
            body(reader, content);
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    private void head(UpstreamUser reader, HttpResponse response) {
        DecoderResult result = response.decoderResult();
        if (result.isFailure()) {
            boolean closed = result.cause() instanceof PrematureChannelClosureException;
            fail(closed ? UpstreamFailure.RESET : UpstreamFailure.MALFORMED, result.cause());
            return;
        }
        if (response.status().codeClass() == HttpStatusClass.INFORMATIONAL) {
            interim(response);
            return;
        }
        headSeen = true;
        keepAlive = HttpUtil.isKeepAlive(response);
        reader.responseHead(response);
    }

    private void interim(HttpResponse response) {
        if (response.status().code() == 101) {
            fail(UpstreamFailure.MALFORMED, new IllegalStateException("protocol switch unasked"));
        } else {
            interim = true;
        }
    }

    private void body(UpstreamUser reader, HttpContent content) {
        if (content.decoderResult().isFailure()) {
            Throwable cause = content.decoderResult().cause();
            content.release();
            fail(headSeen ? UpstreamFailure.CUT : UpstreamFailure.MALFORMED, cause);
            return;
        }
        ByteBuf piece = content.content();
        if (piece.isReadable()) {
            reader.responseBody(piece);
        } else {
            piece.release();
        }
        if (content instanceof LastHttpContent last) {
            end(reader, last.trailingHeaders());
        }
    }

    private void end(UpstreamUser reader, HttpHeaders trailers) {
        if (interim) {
            interim = false;
            return;
        }
        if (user == null) {
            return;
        }
        user = null;
        if (keepAlive && requestSent && channel.isActive()) {
            pool.keep(this);
        } else {
            channel.close();
        }
        reader.responseEnd(trailers);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (user != null) {
            user.readComplete();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (user != null) {
            user.writabilityChanged();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        pool.closed(this);
        fail(failureOfClose(), null);
    }

    private UpstreamFailure failureOfClose() {
        if (headSeen) {
            return UpstreamFailure.CUT;
        }
        return reused ? UpstreamFailure.STALE : UpstreamFailure.RESET;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        lastError = String.valueOf(cause.getMessage());
        context.close();
    }

    private void fail(UpstreamFailure failure, @Nullable Throwable cause) {
        UpstreamUser loser = user;
        user = null;
        channel.close();
        if (loser != null) {
            loser.failed(failure, cause == null ? lastError : String.valueOf(cause.getMessage()));
        }
    }
}

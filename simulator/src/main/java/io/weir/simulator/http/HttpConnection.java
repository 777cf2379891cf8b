package io.weir.simulator.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/**
 * One connection of a client. Requests are answered in the order of their arrival, one at a time.
 *
 * <pre>{@code
 * IDLE → (head) → RECEIVING → (last content) → ANSWERING → (answer written) → IDLE or closed
 * }</pre>
 *
 * A request that arrives while another is being answered waits for it.
 */
public final class HttpConnection extends ChannelInboundHandlerAdapter {

    private static final Logger log = LoggerFactory.getLogger(HttpConnection.class);
    private static final int MAX_PIPELINED = 64;
    private static final long LINGER_MILLIS = 1_000;
    private static final byte[] CONTINUE =
            "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Endpoint endpoint;
    private final ResponseHead head;
    private final Bytes bytes;
    private final Queue<RequestCollector> pipelined = new ArrayDeque<>();
    private @Nullable ChannelHandlerContext context;
    private @Nullable RequestCollector receiving;
    private @Nullable Exchange answering;
    private boolean reading;
    private boolean closing;
    private boolean draining;
    private boolean flushWanted;

    /**
     * A connection whose requests go to an endpoint.
     *
     * @param head headers of all answers
     * @param bytes what the connections of a loop share to put answers together
     */
    public HttpConnection(Endpoint endpoint, ResponseHead head, Bytes bytes) {
        this.endpoint = endpoint;
        this.head = head;
        this.bytes = bytes;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        reading = true;
        try {
            read((HttpObject) message);
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        reading = false;
        if (flushWanted) {
            flushWanted = false;
            ctx.flush();
        }
    }

    private void read(HttpObject message) {
        if (message.decoderResult().isFailure()) {
            disconnect();
            return;
        }
        if (closing) {
            return;
        }
        if (message instanceof io.netty.handler.codec.http.HttpRequest received) {
            receiving = new RequestCollector(received, endpoint.maxBodyBytes());
            welcome(receiving);
        }
        if (message instanceof HttpContent content && receiving != null) {
            receiving.add(content.content());
            if (content instanceof LastHttpContent || receiving.isTooLarge()) {
                RequestCollector complete = receiving;
                receiving = null;
                accept(complete);
            }
        }
    }

    private void welcome(RequestCollector request) {
        if (request.expectsContinue() && !request.isTooLarge()) {
            send(Unpooled.wrappedBuffer(CONTINUE));
        }
    }

    private void accept(RequestCollector request) {
        if (answering == null) {
            answer(request);
        } else if (pipelined.size() < MAX_PIPELINED) {
            pipelined.add(request);
        } else {
            disconnect();
        }
    }

    private void answer(RequestCollector request) {
        boolean keepAlive = request.keepAlive() && !request.isTooLarge() && !draining;
        HttpRequest whole = request.isTooLarge() ? null : request.request();
        Exchange exchange = new Exchange(this, whole, head, keepAlive);
        answering = exchange;
        if (whole == null) {
            exchange.reply(413, "application/json", tooLarge());
        } else {
            endpoint.handle(whole, exchange);
        }
    }

    void began(HttpRequest request, int status) {
        endpoint.began(request, status, ctx().channel().remoteAddress());
    }

    private byte[] tooLarge() {
        String message =
                "The request body is larger than the limit of "
                        + endpoint.maxBodyBytes()
                        + " bytes.";
        return ("{\"error\":{\"message\":\""
                        + message
                        + "\",\"type\":\"RequestTooLargeError\",\"param\":null,\"code\":413}}")
                .getBytes(StandardCharsets.UTF_8);
    }

    void finish(ByteBuf out, Exchange exchange) {
        answering = null;
        if (!exchange.keepsAlive()) {
            finishLast(out);
            return;
        }
        send(out);
        RequestCollector next = pipelined.poll();
        if (next != null) {
            answer(next);
        }
    }

    /**
     * Says goodbye, and still reads for a while what the client may be sending: closing at once
     * would reset the connection, and the client might never see the answer.
     */
    private void finishLast(ByteBuf out) {
        closing = true;
        DuplexChannel channel = (DuplexChannel) ctx().channel();
        ctx().writeAndFlush(out).addListener(written -> channel.shutdownOutput());
        channel.eventLoop().schedule(() -> channel.close(), LINGER_MILLIS, TimeUnit.MILLISECONDS);
    }

    void send(ByteBuf out) {
        ChannelHandlerContext ctx = ctx();
        ctx.write(out, ctx.voidPromise());
        if (reading) {
            flushWanted = true;
        } else {
            ctx.flush();
        }
    }

    boolean isWritable() {
        return ctx().channel().isWritable();
    }

    Bytes bytes() {
        return bytes;
    }

    /** Returns a network buffer with bytes and a number of bytes after them. */
    ByteBuf buffer(Bytes content, byte[] tail, int tailBytes) {
        return ctx().alloc()
                .buffer(content.length() + tailBytes)
                .writeBytes(content.array(), 0, content.length())
                .writeBytes(tail, 0, tailBytes);
    }

    /** Sends what was written and closes the connection. */
    public void disconnect() {
        ctx().flush();
        ctx().close();
    }

    /**
     * Closes the connection with a TCP reset, so that the client sees an error instead of an end.
     */
    public void reset() {
        ctx().channel().config().setOption(ChannelOption.SO_LINGER, 0);
        ctx().close();
    }

    /** Ends the connection once nothing is being received or answered on it. */
    public void drain() {
        draining = true;
        if (answering != null) {
            answering.close();
        } else if (receiving == null) {
            disconnect();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (answering != null && ctx.channel().isWritable()) {
            answering.writable();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        pipelined.clear();
        receiving = null;
        if (answering != null) {
            Exchange abandoned = answering;
            answering = null;
            abandoned.abandoned();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
        if (!(cause instanceof IOException)) {
            log.atError().setCause(cause).log("simulator: a request failed");
        }
    }

    private ChannelHandlerContext ctx() {
        return Objects.requireNonNull(context);
    }
}

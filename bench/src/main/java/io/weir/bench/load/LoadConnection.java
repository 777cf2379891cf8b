package io.weir.bench.load;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;

/** One connection of the load generator: at most one request at a time. */
final class LoadConnection extends SimpleChannelInboundHandler<HttpObject> {

    private final LoadGenerator generator;
    private final Bootstrap bootstrap;
    private @Nullable ChannelHandlerContext context;
    private boolean waiting;
    private boolean keepAlive;
    private long dueNanos;
    private long firstByteNanos;
    private long chunks;
    private long bytes;
    private int status;

    LoadConnection(LoadGenerator generator, Bootstrap bootstrap) {
        this.generator = generator;
        this.bootstrap = bootstrap;
    }

    void send(String path, InetSocketAddress target, byte[] body, long dueNanos) {
        this.dueNanos = dueNanos;
        waiting = true;
        chunks = 0;
        bytes = 0;
        var request =
                new DefaultFullHttpRequest(
                        HttpVersion.HTTP_1_1, HttpMethod.POST, path, Unpooled.wrappedBuffer(body));
        request.headers()
                .set(HttpHeaderNames.HOST, target.getHostString() + ":" + target.getPort())
                .set(HttpHeaderNames.CONTENT_TYPE, "application/json")
                .setInt(HttpHeaderNames.CONTENT_LENGTH, body.length);
        if (context != null) {
            context.writeAndFlush(request, context.voidPromise());
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        this.context = context;
        generator.ready(this);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, HttpObject message) {
        if (message instanceof HttpResponse response) {
            firstByteNanos = System.nanoTime();
            status = response.status().code();
            keepAlive = HttpUtil.isKeepAlive(response);
        }
        if (message instanceof HttpContent content) {
            int length = content.content().readableBytes();
            bytes += length;
            chunks += length > 0 ? 1 : 0;
        }
        if (message instanceof LastHttpContent) {
            finish(context);
        }
    }

    private void finish(ChannelHandlerContext context) {
        waiting = false;
        if (status / 100 == 2) {
            generator.answered(dueNanos, firstByteNanos, chunks, bytes);
        } else {
            generator.failed("status " + status);
        }
        if (keepAlive) {
            generator.ready(this);
        } else {
            context.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (waiting) {
            generator.failed("connection closed before the answer's end");
        }
        generator.gone(this, bootstrap);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        generator.failed(String.valueOf(cause.getMessage()));
        context.close();
    }
}

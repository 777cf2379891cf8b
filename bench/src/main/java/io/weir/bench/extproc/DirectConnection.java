package io.weir.bench.extproc;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2ChannelDuplexHandler;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2FrameStreamException;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2SettingsFrame;
import io.netty.handler.codec.http2.Http2StreamFrame;
import io.netty.util.ReferenceCountUtil;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;

/** One HTTP/2 connection to the picker. */
final class DirectConnection extends Http2ChannelDuplexHandler {

    private static final int WINDOW_BYTES = 16 << 20;
    private static final Http2Headers CALL =
            new DefaultHttp2Headers()
                    .method("POST")
                    .scheme("http")
                    .authority("picker")
                    .path("/envoy.service.ext_proc.v3.ExternalProcessor/Process")
                    .set("content-type", "application/grpc")
                    .set("te", "trailers");

    private final DirectLoad load;
    private final Map<Http2FrameStream, DirectExchange> exchanges = new HashMap<>();
    private @Nullable ChannelHandlerContext context;

    DirectConnection(DirectLoad load) {
        this.load = load;
    }

    @Override
    protected void handlerAdded0(ChannelHandlerContext ctx) {
        context = ctx;
    }

    /** Begins a request; {@link #flush()} sends it. */
    void open(EnvoyMessages messages) {
        ChannelHandlerContext ctx = context;
        if (ctx == null) {
            return;
        }
        Http2FrameStream stream = newStream();
        ctx.write(new DefaultHttp2HeadersFrame(CALL, false).stream(stream));
        DirectExchange exchange = new DirectExchange(messages, load, new Stream(ctx, stream));
        exchanges.put(stream, exchange);
        exchange.begin();
    }

    void flush() {
        if (context != null) {
            context.flush();
        }
    }

    void close() {
        if (context != null) {
            context.close();
        }
    }

    private record Stream(ChannelHandlerContext context, Http2FrameStream stream)
            implements DirectExchange.Line {

        @Override
        public void send(byte[] framed) {
            context.write(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(framed)).stream(stream));
        }

        @Override
        public void end() {
            context.write(new DefaultHttp2DataFrame(true).stream(stream));
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            switch (message) {
                case Http2SettingsFrame _ -> {
                    ctx.write(new DefaultHttp2WindowUpdateFrame(WINDOW_BYTES));
                    load.ready(this);
                }
                case Http2DataFrame data -> data(ctx, data);
                case Http2HeadersFrame headers when headers.isEndStream() -> ended(headers);
                case Http2ResetFrame reset -> ended(reset);
                default -> {}
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void data(ChannelHandlerContext ctx, Http2DataFrame data) {
        Http2FrameStream stream = data.stream();
        ctx.write(
                new DefaultHttp2WindowUpdateFrame(data.initialFlowControlledBytes())
                        .stream(stream));
        DirectExchange exchange = exchanges.get(stream);
        if (exchange != null) {
            exchange.received(data.content());
        }
    }

    private void ended(Http2StreamFrame frame) {
        DirectExchange exchange = exchanges.remove(frame.stream());
        if (exchange != null) {
            exchange.ended();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        ctx.flush();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof Http2FrameStreamException e) {
            DirectExchange exchange = exchanges.remove(e.stream());
            if (exchange != null) {
                exchange.failed(String.valueOf(e.getMessage()));
            }
            return;
        }
        load.failed(String.valueOf(cause));
        ctx.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        exchanges.values().forEach(exchange -> exchange.failed("the connection was closed"));
        exchanges.clear();
        load.gone(this);
    }
}

package io.weir.proxy.server;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.weir.config.Server;
import io.weir.proxy.exchange.Worker;
import io.weir.proxy.loop.Transport;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** One bound port with the connections that came in through it. */
public final class ServerPort {

    private static final long ACCEPT_MILLIS = 10;
    private static final int ACCEPT_ROUNDS = 100;
    private static final int QUIET_ROUNDS = 5;
    private static final int MAX_READ_BYTES = 64 * 1024;
    private static final WriteBufferWaterMark WATER_MARK =
            new WriteBufferWaterMark(16 * 1024, 32 * 1024);

    private final ClientLimits limits;
    private final Function<EventLoop, Worker> workers;
    private final HttpDecoderConfig decoderConfig;
    private final Set<Http1Connection> connections = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();
    private volatile Server server;
    private volatile boolean draining;
    private @Nullable Channel channel;

    /**
     * Makes a port that is not bound yet.
     *
     * @param server what it serves
     * @param limits limits on clients
     * @param workers the worker of each event loop
     */
    public ServerPort(Server server, ClientLimits limits, Function<EventLoop, Worker> workers) {
        this.server = server;
        this.limits = limits;
        this.workers = workers;
        this.decoderConfig =
                new HttpDecoderConfig()
                        .setMaxInitialLineLength(limits.maxInitialLineBytes())
                        .setMaxHeaderSize(limits.maxHeaderBytes())
                        .setMaxChunkSize(MAX_READ_BYTES);
    }

    /** Binds the port; throws what the system throws when it refuses, a BindException for one. */
    public void bind(EventLoopGroup group, Transport transport) {
        channel =
                new ServerBootstrap()
                        .group(group)
                        .channel(transport.serverChannel())
                        .option(ChannelOption.SO_BACKLOG, limits.acceptBacklog())
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childOption(
                                ChannelOption.RECVBUF_ALLOCATOR,
                                new AdaptiveRecvByteBufAllocator(64, 2048, MAX_READ_BYTES))
                        .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                        .handler(new AcceptCounter())
                        .childHandler(new Initializer())
                        .bind(server.address(), server.port())
                        .syncUninterruptibly()
                        .channel();
    }

    /** Returns the bound address. */
    public InetSocketAddress address() {
        if (channel == null) {
            throw new IllegalStateException("port is not bound");
        }
        return (InetSocketAddress) channel.localAddress();
    }

    /** Returns what the port serves now. */
    public Server server() {
        return server;
    }

    /** Changes what the port serves; running exchanges keep what they began with. */
    public void serve(Server newServer) {
        server = newServer;
    }

    /** Stops accepting; idle connections close after a moment, others after their answer. */
    public void drain() {
        draining = true;
        if (channel != null) {
            acceptWhatWaits(channel);
            channel.close().syncUninterruptibly();
        }
        for (Http1Connection connection : connections) {
            connection.channel().eventLoop().execute(connection::drain);
        }
    }

    /**
     * Closing resets what waits to be accepted: gives the event loop turns until nothing does. On a
     * busy machine a connection may come late although its client is connected.
     */
    private void acceptWhatWaits(Channel listening) {
        int quiet = 0;
        for (int i = 0; i < ACCEPT_ROUNDS && quiet < QUIET_ROUNDS; i++) {
            int before = accepted.get();
            listening
                    .eventLoop()
                    .schedule(() -> {}, ACCEPT_MILLIS, TimeUnit.MILLISECONDS)
                    .syncUninterruptibly();
            quiet = accepted.get() == before ? quiet + 1 : 0;
        }
    }

    /** Closes all connections, whatever they are doing. */
    public void closeConnections() {
        for (Http1Connection connection : connections) {
            connection.channel().eventLoop().execute(connection::close);
        }
    }

    /** Returns the number of open connections. */
    public int openConnections() {
        return connections.size();
    }

    /** Returns whether the port is unbound and only waits for its connections to end. */
    public boolean isDraining() {
        return draining;
    }

    ClientLimits limits() {
        return limits;
    }

    void opened(Http1Connection connection) {
        connections.add(connection);
        if (draining) {
            connection.drain();
        }
    }

    void closed(Http1Connection connection) {
        connections.remove(connection);
    }

    private final class AcceptCounter extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object connection) {
            accepted.incrementAndGet();
            context.fireChannelRead(connection);
        }
    }

    /** Makes the pipeline of a connection: here protocols part. */
    private final class Initializer extends ChannelInitializer<SocketChannel> {
        @Override
        protected void initChannel(SocketChannel accepted) {
            Worker worker = workers.apply(accepted.eventLoop());
            switch (server.protocol()) {
                case HTTP ->
                        accepted.pipeline()
                                .addLast(new HttpRequestDecoder(decoderConfig))
                                .addLast(new Http1Connection(ServerPort.this, worker, accepted));
                case HTTPS -> throw new IllegalStateException("HTTPS ports are not bound");
            }
        }
    }
}

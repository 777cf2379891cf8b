package io.weir.simulator;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.ServerChannel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.weir.simulator.http.Bytes;
import io.weir.simulator.http.Endpoint;
import io.weir.simulator.http.HttpConnection;
import io.weir.simulator.http.ResponseHead;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** A listening socket and its connections, all on one event loop. */
final class Listener {

    private static final HttpDecoderConfig DECODING =
            new HttpDecoderConfig()
                    .setMaxInitialLineLength(64 * 1024)
                    .setMaxHeaderSize(256 * 1024)
                    .setMaxChunkSize(64 * 1024);
    private static final WriteBufferWaterMark WRITE_BUFFER =
            new WriteBufferWaterMark(256 * 1024, 1024 * 1024);

    private static final Logger log = LoggerFactory.getLogger(Listener.class);
    private static final long RETRY_MILLIS = 100;

    private final SimulatorConfig config;
    private final EventLoop loop;
    private final Class<? extends ServerChannel> channelType;
    private final Map<Channel, HttpConnection> connections = new HashMap<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private @Nullable Channel socket;
    private boolean draining;
    private boolean closed;

    Listener(SimulatorConfig config, EventLoop loop, Class<? extends ServerChannel> channelType) {
        this.config = config;
        this.loop = loop;
        this.channelType = channelType;
    }

    /** Begins to listen, and returns where. */
    InetSocketAddress open(InetSocketAddress address, Endpoint endpoint) throws IOException {
        ChannelFuture bound = bootstrap(endpoint).bind(address).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException("can't listen on " + address, bound.cause());
        }
        socket = bound.channel();
        return (InetSocketAddress) bound.channel().localAddress();
    }

    private ServerBootstrap bootstrap(Endpoint endpoint) {
        return new ServerBootstrap()
                .group(loop, loop)
                .channel(channelType)
                .option(ChannelOption.SO_BACKLOG, 4096)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WRITE_BUFFER)
                .childHandler(new Connections(endpoint));
    }

    /**
     * Refuses connections for a while, after a moment in which an answer can still get out, and
     * resets those that exist. On the event loop.
     */
    void refuse(InetSocketAddress address, Endpoint endpoint, Duration time) {
        Runnable begin =
                () -> {
                    closeSocket();
                    resetAll();
                    Runnable end = () -> reopen(address, endpoint);
                    loop.schedule(end, time.toNanos(), TimeUnit.NANOSECONDS);
                };
        loop.schedule(begin, RETRY_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void reopen(InetSocketAddress address, Endpoint endpoint) {
        if (closed) {
            return;
        }
        bootstrap(endpoint)
                .bind(address)
                .addListener((ChannelFuture bound) -> {
                    if (bound.isSuccess()) {
                        reopened(bound.channel());
                    } else {
                        Runnable again = () -> reopen(address, endpoint);
                        loop.schedule(again, RETRY_MILLIS, TimeUnit.MILLISECONDS);
                    }
                });
    }

    private void reopened(Channel channel) {
        if (closed) {
            channel.close();
        } else {
            socket = channel;
        }
    }

    private final class Connections extends ChannelInitializer<Channel> {

        private final Endpoint endpoint;
        private final Bytes bytes = new Bytes();

        Connections(Endpoint endpoint) {
            this.endpoint = endpoint;
        }

        @Override
        protected void initChannel(Channel channel) {
            HttpConnection connection = new HttpConnection(endpoint, head(channel), bytes);
            channel.pipeline().addLast(new HttpRequestDecoder(DECODING), connection);
            connections.put(channel, connection);
            channel.closeFuture().addListener(closed -> forget(channel));
        }

        private ResponseHead head(Channel channel) {
            int port = ((InetSocketAddress) channel.localAddress()).getPort();
            Map<String, String> common = new TreeMap<>();
            common.put("x-inference-pod", config.podName());
            common.put("x-inference-namespace", config.namespace());
            common.put("x-inference-port", Integer.toString(port));
            return new ResponseHead(common);
        }
    }

    private void forget(Channel channel) {
        connections.remove(channel);
        endIfDrained();
    }

    /** Accepts nothing more, and ends each connection once its answer is complete. */
    void drain() {
        onLoop(() -> {
            closed = true;
            closeSocket();
            draining = true;
            List.copyOf(connections.values()).forEach(HttpConnection::drain);
            endIfDrained();
        });
    }

    private void endIfDrained() {
        if (draining && connections.isEmpty()) {
            ended.countDown();
        }
    }

    /** Waits for the last connection to end; false when the time was too short. */
    boolean awaitEnd(long nanos) {
        try {
            return ended.await(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Accepts nothing more, and resets all connections. */
    void kill() {
        onLoop(() -> {
            closed = true;
            closeSocket();
            resetAll();
        });
    }

    private void closeSocket() {
        if (socket != null) {
            socket.close();
        }
    }

    private void resetAll() {
        List.copyOf(connections.values()).forEach(HttpConnection::reset);
    }

    private void onLoop(Runnable action) {
        try {
            loop.submit(action).syncUninterruptibly();
        } catch (RejectedExecutionException e) {
            log.atDebug().setCause(e).log("the host of this server has stopped");
        }
    }
}

package io.weir.proxy.upstream;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.socket.SocketChannel;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;

/** The connections of one event loop to one address. The last one used is used again first. */
final class EndpointPool {

    private final UpstreamPools owner;
    private final InetSocketAddress address;
    private final Bootstrap bootstrap;
    private final ArrayDeque<UpstreamConnection> idle = new ArrayDeque<>();
    private int open;

    EndpointPool(UpstreamPools owner, InetSocketAddress address, Bootstrap template) {
        this.owner = owner;
        this.address = address;
        this.bootstrap = template.clone().handler(new Initializer());
    }

    boolean isEmpty() {
        return open == 0;
    }

    void acquire(UpstreamUser user, boolean fresh) {
        UpstreamConnection kept = fresh ? null : pollIdle();
        if (kept != null) {
            kept.begin(user, true);
        } else if (open >= owner.limits().maxConnectionsPerEndpoint()) {
            user.connectFailed(UpstreamFailure.OVERLOADED, "no connection to " + address + " left");
        } else {
            connect(user);
        }
    }

    private @Nullable UpstreamConnection pollIdle() {
        UpstreamConnection connection = idle.pollLast();
        while (connection != null) {
            owner.idleChanged(-1);
            owner.timers().cancel(connection.idleDeadline());
            if (connection.isOpen()) {
                return connection;
            }
            connection = idle.pollLast();
        }
        return null;
    }

    private void connect(UpstreamUser user) {
        opened(1);
        bootstrap
                .connect(address)
                .addListener((ChannelFuture future) -> {
                    if (future.isSuccess()) {
                        var handler = future.channel().pipeline();
                        handler.get(UpstreamConnection.class).begin(user, false);
                    } else {
                        opened(-1);
                        refused(user, future.cause());
                    }
                });
    }

    private void refused(UpstreamUser user, Throwable cause) {
        UpstreamFailure failure =
                switch (cause) {
                    case ConnectTimeoutException _ -> UpstreamFailure.CONNECT_TIMEOUT;
                    case UnknownHostException _ -> UpstreamFailure.UNRESOLVED;
                    default -> UpstreamFailure.REFUSED;
                };
        user.connectFailed(failure, String.valueOf(cause.getMessage()));
    }

    /** Keeps a connection for later, when there is room. */
    void keep(UpstreamConnection connection) {
        if (idle.size() >= owner.limits().maxIdlePerEndpoint() || owner.isClosed()) {
            connection.close();
            return;
        }
        connection.pauseReading(false);
        idle.addLast(connection);
        owner.idleChanged(1);
        owner.timers().arm(connection.idleDeadline(), owner.limits().idleTimeout().toNanos());
    }

    void closed(UpstreamConnection connection) {
        opened(-1);
        owner.timers().cancel(connection.idleDeadline());
        if (idle.remove(connection)) {
            owner.idleChanged(-1);
        }
    }

    void closeIdle() {
        for (UpstreamConnection connection : idle.toArray(UpstreamConnection[]::new)) {
            connection.close();
        }
    }

    private void opened(int change) {
        open += change;
        owner.openChanged(change);
    }

    private final class Initializer extends ChannelInitializer<SocketChannel> {
        @Override
        protected void initChannel(SocketChannel channel) {
            var decoder = new ResponseDecoder(owner.decoderConfig());
            channel.pipeline()
                    .addLast(decoder)
                    .addLast(new UpstreamConnection(EndpointPool.this, channel, decoder));
        }
    }
}

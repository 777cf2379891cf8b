package io.weir.proxy.upstream;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.NoopAddressResolverGroup;
import io.netty.util.NetUtil;
import io.weir.picker.Endpoint;
import io.weir.proxy.loop.TimerWheel;
import io.weir.proxy.loop.Transport;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** All upstream connections of one event loop. Used on that loop, apart from the counts. */
public final class UpstreamPools {

    private static final int MAX_READ_BYTES = 64 * 1024;
    private static final int MAX_STATUS_LINE_BYTES = 8 * 1024;
    private static final WriteBufferWaterMark WATER_MARK =
            new WriteBufferWaterMark(32 * 1024, 64 * 1024);

    private final UpstreamLimits limits;
    private final TimerWheel timers;
    private final Bootstrap byAddress;
    private final Bootstrap byName;
    private final HttpDecoderConfig decoderConfig;
    private final Map<InetSocketAddress, EndpointPool> pools = new HashMap<>();
    private final IdentityHashMap<Endpoint, EndpointPool> known = new IdentityHashMap<>();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger idle = new AtomicInteger();
    private boolean closed;

    /**
     * Makes the pools of an event loop.
     *
     * @param loop the event loop
     * @param transport how to do socket I/O
     * @param limits limits on connections
     * @param timers timers of the event loop
     * @param names how host names are resolved
     */
    public UpstreamPools(
            EventLoop loop,
            Transport transport,
            UpstreamLimits limits,
            TimerWheel timers,
            AddressResolverGroup<InetSocketAddress> names) {
        this.limits = limits;
        this.timers = timers;
        this.decoderConfig =
                new HttpDecoderConfig()
                        .setMaxInitialLineLength(MAX_STATUS_LINE_BYTES)
                        .setMaxHeaderSize(limits.maxHeaderBytes())
                        .setMaxChunkSize(MAX_READ_BYTES);
        Bootstrap template =
                new Bootstrap()
                        .group(loop)
                        .channel(transport.socketChannel())
                        .option(ChannelOption.TCP_NODELAY, true)
                        .option(ChannelOption.SO_KEEPALIVE, true)
                        .option(
                                ChannelOption.CONNECT_TIMEOUT_MILLIS,
                                (int) limits.connectTimeout().toMillis())
                        .option(
                                ChannelOption.RECVBUF_ALLOCATOR,
                                new AdaptiveRecvByteBufAllocator(64, 2048, MAX_READ_BYTES))
                        .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK);
        this.byAddress = template.clone().resolver(NoopAddressResolverGroup.INSTANCE);
        this.byName = template.clone().resolver(names);
    }

    /**
     * Gives a user a connection, kept or new.
     *
     * @param endpoint the server
     * @param user who needs it
     * @param fresh whether a kept connection will not do
     */
    public void acquire(Endpoint endpoint, UpstreamUser user, boolean fresh) {
        EndpointPool pool = known.get(endpoint);
        if (pool == null) {
            pool = poolFor(endpoint);
            known.put(endpoint, pool);
        }
        pool.acquire(user, fresh);
    }

    private EndpointPool poolFor(Endpoint endpoint) {
        InetSocketAddress address = addressOf(endpoint);
        Bootstrap template = address.isUnresolved() ? byName : byAddress;
        return pools.computeIfAbsent(address, key -> new EndpointPool(this, key, template));
    }

    private static InetSocketAddress addressOf(Endpoint endpoint) {
        byte[] literal = NetUtil.createByteArrayFromIpAddressString(endpoint.address());
        if (literal == null) {
            return InetSocketAddress.createUnresolved(endpoint.address(), endpoint.port());
        }
        try {
            return new InetSocketAddress(InetAddress.getByAddress(literal), endpoint.port());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("IP address of wrong length", e);
        }
    }

    /** Forgets endpoints that may be gone; connections to those that stay are kept. */
    public void endpointsChanged() {
        known.clear();
        pools.values().removeIf(EndpointPool::isEmpty);
    }

    /** Closes idle connections, and others when they are given back. */
    public void close() {
        closed = true;
        pools.values().forEach(EndpointPool::closeIdle);
    }

    /** Returns the number of connections; from any thread. */
    public int openConnections() {
        return open.get();
    }

    /** Returns the number of idle connections; from any thread. */
    public int idleConnections() {
        return idle.get();
    }

    boolean isClosed() {
        return closed;
    }

    UpstreamLimits limits() {
        return limits;
    }

    TimerWheel timers() {
        return timers;
    }

    HttpDecoderConfig decoderConfig() {
        return decoderConfig;
    }

    void openChanged(int change) {
        open.setRelease(open.getPlain() + change);
    }

    void idleChanged(int change) {
        idle.setRelease(idle.getPlain() + change);
    }
}

package io.weir.simulator;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * Threads that any number of simulated servers share. A thread starts when the first server is put
 * on it; all of them are daemons. Close the servers first.
 *
 * <pre>{@code
 * try (SimulatorHost host = new SimulatorHost()) {
 *     SimulatorServer server = host.start(SimulatorConfig.of("pod-1", "my-model"));
 *     … "http://127.0.0.1:" + server.port() …
 * }
 * }</pre>
 */
public final class SimulatorHost implements AutoCloseable {

    private final MultiThreadIoEventLoopGroup loops;
    private final Class<? extends ServerChannel> channelType;

    /** As many threads as half of the processors, at least one. */
    public SimulatorHost() {
        this(Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
    }

    /** A number of threads, over which servers are spread. */
    public SimulatorHost(int threads) {
        boolean epoll = Epoll.isAvailable();
        IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        channelType = epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
        loops =
                new MultiThreadIoEventLoopGroup(
                        threads, new DefaultThreadFactory("simulator", true), io);
    }

    /**
     * Starts a server on any free port of the loopback address.
     *
     * @throws IOException when there is none
     */
    public SimulatorServer start(SimulatorConfig config) throws IOException {
        return start(config, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    /**
     * Starts a server.
     *
     * @param config how it is set up
     * @param address where to listen; port 0 takes any
     * @throws IOException when the address is in use
     */
    public SimulatorServer start(SimulatorConfig config, InetSocketAddress address)
            throws IOException {
        return start(config, address, () -> {});
    }

    SimulatorServer start(SimulatorConfig config, InetSocketAddress address, Runnable whenClosed)
            throws IOException {
        return start(config, address, null, whenClosed);
    }

    /**
     * Starts a server that tells of its requests.
     *
     * @param config how it is set up
     * @param address where to listen; port 0 takes any
     * @param log hears of requests
     * @throws IOException when the address is in use
     */
    public SimulatorServer start(SimulatorConfig config, InetSocketAddress address, RequestLog log)
            throws IOException {
        return start(config, address, log, () -> {});
    }

    private SimulatorServer start(
            SimulatorConfig config,
            InetSocketAddress address,
            @Nullable RequestLog log,
            Runnable whenClosed)
            throws IOException {
        return new SimulatorServer(config, address, loops.next(), channelType, log, whenClosed);
    }

    /** Ends the threads, and with them all servers that are left. */
    @Override
    public void close() {
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}

package io.weir.proxy;

import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.resolver.dns.DnsAddressResolverGroup;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.internal.PlatformDependent;
import io.weir.config.Server;
import io.weir.config.Snapshot;
import io.weir.picker.Pickers;
import io.weir.picker.external.ExternalPickers;
import io.weir.proxy.exchange.BodyBudget;
import io.weir.proxy.exchange.Worker;
import io.weir.proxy.loop.TimerWheel;
import io.weir.proxy.loop.Transport;
import io.weir.proxy.server.ServerPort;
import io.weir.proxy.upstream.UpstreamPools;
import io.weir.telemetry.ExchangeObserver;

import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Serves what snapshots say.
 *
 * <p>{@link #apply}, {@link #drain} and {@link #close} are for one controlling thread at a time and
 * may wait for the system; requests never wait for them. A snapshot that changes does not touch
 * running exchanges: they end with what they began with.
 */
public final class DataPlane implements AutoCloseable {

    private static final long STOP_MILLIS = 2_000;
    private static final long POLL_MILLIS = 10;

    private final ProxySettings settings;
    private final Transport transport;
    private final MultiThreadIoEventLoopGroup loops;
    private final DnsAddressResolverGroup names;
    private final Map<EventExecutor, Worker> workers = new HashMap<>();
    private final Map<PortKey, ServerPort> ports = new LinkedHashMap<>();
    private final Set<ServerPort> open = ConcurrentHashMap.newKeySet();
    private Snapshot applied = Snapshot.EMPTY;
    private boolean closed;

    private record PortKey(String address, int port) {}

    /**
     * Starts the event loops; nothing is bound yet.
     *
     * @param settings how it is set up
     * @param pickers pickers of all pools
     * @param observer who sees finished requests; called on event loops
     */
    public DataPlane(ProxySettings settings, Pickers pickers, ExchangeObserver observer) {
        this(settings, pickers, ExternalPickers.NONE, observer);
    }

    /**
     * Starts the event loops; nothing is bound yet.
     *
     * @param settings how it is set up
     * @param pickers pickers of all pools
     * @param externalPickers asks the pickers that run elsewhere
     * @param observer who sees finished requests; called on event loops
     */
    public DataPlane(
            ProxySettings settings,
            Pickers pickers,
            ExternalPickers externalPickers,
            ExchangeObserver observer) {
        this(settings, pickers, externalPickers, observer, System::nanoTime, seed());
    }

    DataPlane(
            ProxySettings settings,
            Pickers pickers,
            ExternalPickers externalPickers,
            ExchangeObserver observer,
            LongSupplier nanoTime,
            long seed) {
        this.settings = settings;
        this.transport = settings.transport().resolved();
        int threads =
                settings.ioThreads() > 0
                        ? settings.ioThreads()
                        : Runtime.getRuntime().availableProcessors();
        this.loops =
                new MultiThreadIoEventLoopGroup(
                        threads, new DefaultThreadFactory("weir-io"), transport.ioHandlers());
        this.names =
                new DnsAddressResolverGroup(
                        new DnsNameResolverBuilder()
                                .datagramChannelType(transport.datagramChannel()));
        BodyBudget bodies = new BodyBudget(heldBodyBytes(settings));
        RandomGenerator random = generator(seed);
        for (EventExecutor loop : loops) {
            workers.put(
                    loop,
                    worker(
                            (EventLoop) loop,
                            pickers,
                            externalPickers,
                            observer,
                            bodies,
                            nanoTime,
                            random.nextLong()));
        }
    }

    private static long heldBodyBytes(ProxySettings settings) {
        return settings.heldBodyBytes() > 0
                ? settings.heldBodyBytes()
                : PlatformDependent.maxDirectMemory() / 2;
    }

    private Worker worker(
            EventLoop loop,
            Pickers pickers,
            ExternalPickers externalPickers,
            ExchangeObserver observer,
            BodyBudget bodies,
            LongSupplier nanoTime,
            long seed) {
        TimerWheel timers = new TimerWheel(loop, nanoTime);
        return new Worker(
                timers,
                new UpstreamPools(loop, transport, settings.upstream(), timers, names),
                pickers,
                externalPickers,
                loop,
                observer,
                bodies,
                settings.retry(),
                settings.upstream().responseIdleTimeout().toNanos(),
                nanoTime,
                generator(seed),
                TimeUnit.MILLISECONDS.toSeconds(System.currentTimeMillis()));
    }

    private static long seed() {
        return new SecureRandom().nextLong();
    }

    private static RandomGenerator generator(long seed) {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    /**
     * Serves a snapshot in place of the last one: binds new ports, unbinds those that are gone,
     * whose connections drain.
     *
     * @return what could not be bound; it is tried again with the next snapshot
     */
    public synchronized List<BindFailure> apply(Snapshot snapshot) {
        snapshot.publish(applied);
        applied = snapshot;
        Map<PortKey, ServerPort> old = new LinkedHashMap<>(ports);
        List<BindFailure> failures = new ArrayList<>();
        ports.clear();
        List<Server> added = new ArrayList<>();
        for (Server server : snapshot.servers()) {
            PortKey key = new PortKey(server.address(), server.port());
            ServerPort kept = old.remove(key);
            if (kept == null) {
                added.add(server);
            } else {
                kept.serve(server);
                ports.put(key, kept);
            }
        }
        old.values().forEach(this::leave);
        added.forEach(server -> bind(server, failures));
        workers.forEach((loop, worker) -> loop.execute(worker.upstreams()::endpointsChanged));
        return failures;
    }

    /** Unbinds a port; it stays known for as long as it has connections. */
    private void leave(ServerPort port) {
        port.drain();
        open.removeIf(left -> left.isDraining() && left.openConnections() == 0);
    }

    private void bind(Server server, List<BindFailure> failures) {
        if (server.protocol() == Server.Protocol.HTTPS) {
            failures.add(
                    new BindFailure(
                            server.address(), server.port(), "HTTPS listeners are not served yet"));
            return;
        }
        ServerPort port = new ServerPort(server, settings.client(), loop -> workerOf(loop));
        try {
            port.bind(loops, transport);
            ports.put(new PortKey(server.address(), server.port()), port);
            open.add(port);
        } catch (Exception e) {
            failures.add(
                    new BindFailure(
                            server.address(), server.port(), String.valueOf(e.getMessage())));
        }
    }

    private Worker workerOf(EventLoop loop) {
        Worker worker = workers.get(loop);
        if (worker == null) {
            throw new IllegalStateException("not an event loop of this data plane");
        }
        return worker;
    }

    /** Returns the addresses that are bound. */
    public synchronized List<InetSocketAddress> serving() {
        return ports.values().stream().map(ServerPort::address).toList();
    }

    /** Returns what is going on now. */
    public ProxyStats stats() {
        int connections = 0;
        for (ServerPort port : open) {
            connections += port.openConnections();
        }
        int exchanges = 0;
        int streams = 0;
        int upstream = 0;
        int idle = 0;
        long held = 0;
        for (Worker worker : workers.values()) {
            exchanges += worker.openExchanges();
            streams += worker.openStreams();
            upstream += worker.upstreams().openConnections();
            idle += worker.upstreams().idleConnections();
            held += worker.heldBodyBytes();
        }
        return new ProxyStats(connections, exchanges, streams, upstream, idle, held);
    }

    /**
     * Stops accepting and lets running exchanges finish; then closes.
     *
     * @param timeout how long exchanges may take; what still runs then is cut
     * @return whether all finished in time
     */
    public boolean drain(Duration timeout) {
        unbind();
        long end = System.nanoTime() + timeout.toNanos();
        while (stats().openConnections() > 0 && System.nanoTime() < end) {
            try {
                Thread.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        boolean finished = stats().openExchanges() == 0;
        close();
        return finished;
    }

    private synchronized void unbind() {
        ports.values().forEach(this::leave);
        ports.clear();
        // Connections that were accepted last are known to their ports after this.
        loops.forEach(loop -> loop.submit(() -> {}).syncUninterruptibly());
    }

    /** Cuts everything that still runs and stops the event loops. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        unbind();
        open.forEach(ServerPort::closeConnections);
        workers.forEach((loop, worker) -> loop.execute(worker.upstreams()::close));
        loops.shutdownGracefully(0, STOP_MILLIS, TimeUnit.MILLISECONDS).syncUninterruptibly();
        names.close();
    }
}

package io.weir.simulator;

import io.netty.channel.EventLoop;
import io.netty.channel.ServerChannel;
import io.weir.simulator.SimulatorConfig.Adapter;
import io.weir.simulator.events.KvEventLog;
import io.weir.simulator.events.KvEventPublisher;
import io.weir.simulator.http.Endpoint;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One simulated model server on one port. All methods may be called by any thread but the server's
 * own.
 */
public final class SimulatorServer implements AutoCloseable {

    private final SimulatorConfig config;
    private final ModelServer modelServer;
    private final Endpoint endpoint;
    private final Listener listener;
    private final InetSocketAddress address;
    private final @Nullable KvEventPublisher events;
    private final Runnable whenClosed;
    private final AtomicBoolean closed = new AtomicBoolean();

    SimulatorServer(
            SimulatorConfig config,
            InetSocketAddress wanted,
            EventLoop loop,
            Class<? extends ServerChannel> channelType,
            @Nullable RequestLog log,
            Runnable whenClosed)
            throws IOException {
        this.config = config;
        this.whenClosed = whenClosed;
        listener = new Listener(config, loop, channelType);
        modelServer = new ModelServer(config, loop, this::refuse);
        endpoint = log == null ? modelServer : new LoggedEndpoint(modelServer, log);
        address = listener.open(wanted, endpoint);
        events = publisher(modelServer.kvEvents());
    }

    private @Nullable KvEventPublisher publisher(@Nullable KvEventLog log) throws IOException {
        if (log == null || config.kvEvents() == null) {
            return null;
        }
        try {
            String model = config.models().getFirst();
            return KvEventPublisher.open(config.kvEvents(), log, address, model);
        } catch (IOException e) {
            listener.kill();
            throw e;
        }
    }

    private void refuse(Duration time) {
        listener.refuse(address, endpoint, time);
    }

    /**
     * Starts a server with a thread of its own. Many servers had better share a {@link
     * SimulatorHost}.
     *
     * @param config how it is set up
     * @param address where to listen; port 0 takes any
     * @throws IOException when the address is in use
     */
    public static SimulatorServer start(SimulatorConfig config, InetSocketAddress address)
            throws IOException {
        SimulatorHost host = new SimulatorHost(1);
        try {
            return host.start(config, address, host::close);
        } catch (IOException e) {
            host.close();
            throw e;
        }
    }

    /** Returns the address that the server listens on. */
    public InetSocketAddress address() {
        return address;
    }

    /** Returns the port that the server listens on. */
    public int port() {
        return address.getPort();
    }

    /** Returns how the server was set up. */
    public SimulatorConfig config() {
        return config;
    }

    /** Returns how many inference requests are under way. */
    public int openRequests() {
        return modelServer.openRequests();
    }

    /** Changes what goes wrong from now on. */
    public void faults(Faults newFaults) {
        modelServer.faults(newFaults);
    }

    /**
     * Changes which adapters are offered, as clients can too.
     *
     * @param gone names of adapters that are no longer offered; others don't matter
     * @param present adapters that are offered from now on
     */
    public void adapters(Collection<String> gone, Collection<Adapter> present) {
        modelServer.adapters(List.copyOf(gone), List.copyOf(present));
    }

    /** Stops accepting, waits for answers under way, at most so long, and stops. */
    public void close(Duration drain) {
        if (closed.getAndSet(true)) {
            return;
        }
        listener.drain();
        if (!listener.awaitEnd(drain.toNanos())) {
            listener.kill();
        }
        end();
    }

    /** Stops at once; connections with answers under way are reset, as if the process had died. */
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        listener.kill();
        end();
    }

    private void end() {
        if (events != null) {
            events.close();
        }
        whenClosed.run();
    }
}

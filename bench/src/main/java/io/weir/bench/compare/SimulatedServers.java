package io.weir.bench.compare;

import io.weir.simulator.Faults;
import io.weir.simulator.SimulatorConfig;
import io.weir.simulator.SimulatorServer;
import io.weir.simulator.engine.EngineProfile;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * The servers behind the contestants, in this process: one set that answers at once, and one that
 * streams a token every few milliseconds. Servers of a set share a port on loopback addresses of
 * their own, as Pods do.
 */
public final class SimulatedServers implements AutoCloseable {

    private static final int INSTANT_PORT = 18_000;
    private static final int PACED_PORT = 18_001;
    private static final double TOKEN_NANOS = 10e6;

    private final List<SimulatorServer> running = new ArrayList<>();
    private final List<InetSocketAddress> instant = new ArrayList<>();
    private final List<InetSocketAddress> paced = new ArrayList<>();

    private SimulatedServers() {}

    /**
     * Starts servers.
     *
     * @param count servers in each set, at most 200
     * @throws IOException when a port is in use
     */
    public static SimulatedServers start(int count) throws IOException {
        var servers = new SimulatedServers();
        EngineProfile pacedProfile =
                EngineProfile.INSTANT.withConstantLatency(TOKEN_NANOS, 0, TOKEN_NANOS);
        for (int i = 0; i < count; i++) {
            InetAddress address = InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) (i + 2)});
            servers.start(i, EngineProfile.INSTANT, address, INSTANT_PORT, servers.instant);
            servers.start(i, pacedProfile, address, PACED_PORT, servers.paced);
        }
        return servers;
    }

    private void start(
            int index,
            EngineProfile profile,
            InetAddress address,
            int port,
            List<InetSocketAddress> addresses)
            throws IOException {
        var config =
                new SimulatorConfig(
                        "server-" + index,
                        "default",
                        List.of(WeirGateway.TARGET_MODEL, WeirGateway.ALIAS),
                        List.of(),
                        4,
                        profile,
                        SimulatorConfig.Mode.RANDOM,
                        1_000_000,
                        100_000,
                        512L << 20,
                        index,
                        Faults.NONE);
        var socket = new InetSocketAddress(address, port);
        running.add(SimulatorServer.start(config, socket));
        addresses.add(socket);
    }

    List<InetSocketAddress> instant() {
        return List.copyOf(instant);
    }

    List<InetSocketAddress> paced() {
        return List.copyOf(paced);
    }

    @Override
    public void close() {
        running.forEach(SimulatorServer::close);
    }
}

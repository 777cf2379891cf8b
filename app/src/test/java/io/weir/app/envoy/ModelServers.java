package io.weir.app.envoy;

import io.weir.simulator.SimulatorArguments;
import io.weir.simulator.SimulatorHost;
import io.weir.simulator.SimulatorServer;
import io.weir.simulator.engine.EngineProfile;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Simulated model servers, and an endpoints file that names them. */
final class ModelServers implements AutoCloseable {

    private final SimulatorHost host = new SimulatorHost();
    private final List<SimulatorServer> servers = new CopyOnWriteArrayList<>();
    private final String name;
    private final Path file;

    private ModelServers(String name, Path file) {
        this.name = name;
        this.file = file;
    }

    /**
     * Starts servers.
     *
     * @param name name of the servers, and of the endpoints file
     * @param flags for instance {@code --model llm}
     */
    static ModelServers start(Path folder, String name, int count, String... flags)
            throws IOException {
        ModelServers servers = new ModelServers(name, folder.resolve(name + ".yaml"));
        SimulatorArguments arguments =
                SimulatorArguments.parse(List.of(flags), EngineProfile.INSTANT);
        for (int i = 0; i < count; i++) {
            servers.servers.add(
                    servers.host.start(
                            arguments.config().withPod(name + "-" + i, "default", i),
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
        }
        servers.write(servers.ports());
        return servers;
    }

    /** Names other servers in the file. */
    void write(List<Integer> ports) throws IOException {
        StringBuilder text = new StringBuilder("endpoints:\n");
        for (int port : ports) {
            text.append(
                    "  - {name: server-%d, address: 127.0.0.1, port: \"%d\", labels: {app: %s}}%n"
                            .formatted(port, port, name));
        }
        Path other = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(other, text);
        Files.move(other, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    }

    String file() {
        return file.toString();
    }

    List<Integer> ports() {
        return servers.stream().map(SimulatorServer::port).toList();
    }

    SimulatorServer server(int index) {
        return servers.get(index);
    }

    /** Stops a server, and starts another one on its port after a pause. */
    void restart(int index, long pauseMillis) throws IOException, InterruptedException {
        SimulatorServer old = servers.get(index);
        old.close();
        Thread.sleep(pauseMillis);
        servers.set(index, host.start(old.config(), old.address()));
    }

    @Override
    public void close() {
        servers.forEach(SimulatorServer::close);
        host.close();
    }
}

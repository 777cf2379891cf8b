package io.weir.bench.score;

import io.weir.bench.compare.ChildProcess;
import io.weir.simulator.Faults;
import io.weir.simulator.SimulatorConfig;
import io.weir.simulator.SimulatorServer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The servers of a workload on sockets, in this process, and a gateway in front of them in a
 * process of its own.
 */
final class RealFleet implements AutoCloseable {

    private static final int SERVER_PORT = 18_010;
    private static final int GATEWAY_PORT = 18_300;
    private static final int GATEWAY_CORE = 0;

    private final List<SimulatorServer> servers = new ArrayList<>();
    private final ChildProcess gateway;

    /**
     * Starts all.
     *
     * @param launcher the {@code weir} launcher
     * @param folder for manifests and logs
     */
    RealFleet(Workload workload, Policy policy, Path launcher, Path folder) throws IOException {
        int count = workload.fleet().slowness().size();
        for (int i = 0; i < count; i++) {
            servers.add(start(workload, i));
        }
        Path manifests = folder.resolve(policy.name() + ".yaml");
        Files.writeString(manifests, manifests(policy, count));
        gateway =
                ChildProcess.weirUp(
                        GATEWAY_CORE,
                        launcher,
                        manifests,
                        folder.resolve(policy.name() + ".log"),
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), GATEWAY_PORT));
    }

    /** Returns where the gateway listens. */
    String url() {
        return "http://127.0.0.1:" + GATEWAY_PORT;
    }

    @Override
    public void close() {
        gateway.close();
        servers.forEach(SimulatorServer::close);
    }

    private static SimulatorServer start(Workload workload, int number) throws IOException {
        var config =
                new SimulatorConfig(
                        "server-" + number,
                        "default",
                        List.of(Run.MODEL),
                        List.of(),
                        workload.fleet().maxAdapters(),
                        workload.fleet().profile().scaled(workload.fleet().slowness().get(number)),
                        SimulatorConfig.Mode.RANDOM,
                        1_000_000,
                        100_000,
                        64L << 20,
                        number,
                        Faults.NONE);
        return SimulatorServer.start(config, new InetSocketAddress(address(number), SERVER_PORT));
    }

    private static String address(int number) {
        return "127.0.0." + (number + 2);
    }

    private static String manifests(Policy policy, int servers) {
        StringBuilder text =
                new StringBuilder(
                        """
                        apiVersion: gateway.networking.k8s.io/v1
                        kind: Gateway
                        metadata: {name: score}
                        spec:
                          gatewayClassName: weir
                          listeners: [{name: http, port: %d, protocol: HTTP}]
                        ---
                        apiVersion: gateway.networking.k8s.io/v1
                        kind: HTTPRoute
                        metadata: {name: score}
                        spec:
                          parentRefs: [{name: score}]
                          rules:
                          - backendRefs:
                            - {group: inference.networking.k8s.io, kind: InferencePool, name: pool}
                        ---
                        apiVersion: inference.networking.k8s.io/v1
                        kind: InferencePool
                        metadata: {name: pool}
                        spec:
                          selector: {matchLabels: {app: server}}
                          targetPorts: [{number: %d}]
                          endpointPickerRef: {name: epp, port: {number: 9002}}
                        ---
                        apiVersion: v1
                        kind: Service
                        metadata: {name: epp}
                        spec:
                          selector: {app: epp}
                          ports: [{port: 9002}]
                        """
                                .formatted(GATEWAY_PORT, SERVER_PORT));
        text.append(picker(policy));
        for (int i = 0; i < servers; i++) {
            text.append(
                    """
                    ---
                    apiVersion: v1
                    kind: Pod
                    metadata: {name: server-%d, labels: {app: server}}
                    spec:
                      containers: [{name: server, image: model-server}]
                    status: {podIP: %s}
                    """
                            .formatted(i, address(i)));
        }
        return text.toString();
    }

    /** The picker's Deployment, from which the gateway takes the configuration. */
    private static String picker(Policy policy) {
        String config = policy.settings().configText();
        String arguments =
                config == null
                        ? ""
                        : "        args:\n        - --config-text\n        - |\n"
                                + config.indent(10);
        return """
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: epp}
        spec:
          replicas: 1
          selector: {matchLabels: {app: epp}}
          template:
            metadata: {labels: {app: epp}}
            spec:
              containers:
              - name: epp
                image: epp
        """
                .stripTrailing()
                .concat("\n" + arguments);
    }
}

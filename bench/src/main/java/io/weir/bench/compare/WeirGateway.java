package io.weir.bench.compare;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Weir with everything that a chat request takes: model extraction, base-model header, rewrite and
 * pick over scraped metrics.
 */
record WeirGateway(InetSocketAddress address, ChildProcess process) implements Contestant {

    /** The model that clients ask for; the gateway rewrites it to {@link #TARGET_MODEL}. */
    static final String ALIAS = "chat";

    /** The model that the servers carry. */
    static final String TARGET_MODEL = "meta-llama/Llama-3.1-8B-Instruct";

    static WeirGateway start(
            Path launcher,
            Path directory,
            int core,
            InetSocketAddress listen,
            List<InetSocketAddress> servers) {
        Path manifests = directory.resolve("weir.yaml");
        try {
            Files.writeString(manifests, manifests(listen, servers));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Path log = directory.resolve("weir.log");
        return new WeirGateway(listen, ChildProcess.weirUp(core, launcher, manifests, log, listen));
    }

    private static String manifests(InetSocketAddress listen, List<InetSocketAddress> servers) {
        String gateway =
                """
                apiVersion: gateway.networking.k8s.io/v1
                kind: Gateway
                metadata:
                  name: bench
                spec:
                  gatewayClassName: weir
                  listeners:
                  - {name: http, port: %d, protocol: HTTP}
                ---
                apiVersion: v1
                kind: ConfigMap
                metadata:
                  name: models
                  labels: {inference.networking.k8s.io/bbr-managed: "true"}
                data:
                  baseModel: %s
                  adapters: |
                    - %s
                ---
                apiVersion: gateway.networking.k8s.io/v1
                kind: HTTPRoute
                metadata:
                  name: llm
                spec:
                  parentRefs: [{name: bench}]
                  rules:
                  - matches:
                    - path: {type: PathPrefix, value: /}
                      headers: [{name: X-Gateway-Base-Model-Name, value: %s}]
                    backendRefs:
                    - {group: inference.networking.k8s.io, kind: InferencePool, name: llm}
                ---
                apiVersion: inference.networking.k8s.io/v1
                kind: InferencePool
                metadata:
                  name: llm
                spec:
                  selector: {matchLabels: {app: llm}}
                  targetPorts: [{number: %d}]
                ---
                apiVersion: inference.networking.x-k8s.io/v1alpha2
                kind: InferenceModelRewrite
                metadata:
                  name: chat
                spec:
                  poolRef: {name: llm}
                  rules:
                  - matches: [{model: {value: %s}}]
                    targets: [{modelRewrite: %s}]
                """
                        .formatted(
                                listen.getPort(),
                                TARGET_MODEL,
                                ALIAS,
                                TARGET_MODEL,
                                servers.getFirst().getPort(),
                                ALIAS,
                                TARGET_MODEL);
        return gateway + servers.stream().map(WeirGateway::pod).collect(Collectors.joining());
    }

    private static String pod(InetSocketAddress server) {
        String address = server.getHostString();
        return """
        ---
        apiVersion: v1
        kind: Pod
        metadata:
          name: server-%s
          labels: {app: llm}
        spec:
          containers: [{name: server, image: model-server}]
        status:
          podIP: %s
        """
                .formatted(address.replace('.', '-'), address);
    }

    @Override
    public String name() {
        return "Weir";
    }

    @Override
    public long pid() {
        return process.pid();
    }

    @Override
    public boolean warmsUp() {
        return true;
    }

    @Override
    public void close() {
        process.close();
    }
}

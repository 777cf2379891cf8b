package io.weir.app.simulated;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.object.ApiError;
import io.weir.kubernetes.embedded.object.Trees;
import io.weir.kubernetes.embedded.workload.PodRunner;
import io.weir.resource.ObjectSet;
import io.weir.resource.Pod;
import io.weir.resource.PodSpec;
import io.weir.resource.PodSpec.Container;
import io.weir.resource.manifest.DecodeResult.Decoded;
import io.weir.resource.manifest.LineIndex;
import io.weir.resource.manifest.ResourceDecoder;
import io.weir.simulator.SimulatorArguments;
import io.weir.simulator.SimulatorConfig.Adapter;
import io.weir.simulator.SimulatorHost;
import io.weir.simulator.SimulatorServer;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Runs Pods as simulated servers, each at a loopback address of its own and on the ports of its
 * arguments. Pods of endpoint pickers run without a server, as the gateway does their job.
 *
 * <p>A Pod that is stopped goes on for a moment, until nobody sends it requests any more, and then
 * ends when its answers are complete. One that mounts a ConfigMap with adapters follows its
 * changes, as a server with a LoRA syncer beside it does.
 *
 * <p>Pods are started and stopped by one thread, and adapters are synced by another; logs are read
 * by any.
 */
public final class SimulatedPods implements PodRunner {

    private static final Logger LOG = LoggerFactory.getLogger(SimulatedPods.class);
    private static final int MOST_PODS = 4_096;
    private static final int ATTEMPTS = 100;
    private static final Duration STILL_ASKED = Duration.ofSeconds(1);
    private static final Duration DRAIN = Duration.ofMinutes(10);
    private static final String ELSEWHERE = "127.0.0.1";

    private final ServerReader reader;
    private final SimulatorHost host;
    private final Supplier<ObjectSet> objects;
    private final boolean ownAddresses;
    private final InstantSource clock = Clock.systemUTC();
    private final ResourceDecoder decoder = new ResourceDecoder(clock.instant());
    private final PodAddresses addresses = new PodAddresses(RandomGenerator.getDefault());
    private final Map<String, Running> running = new ConcurrentHashMap<>();

    SimulatedPods(
            ServerReader reader,
            SimulatorHost host,
            Supplier<ObjectSet> objects,
            boolean ownAddresses) {
        this.reader = reader;
        this.host = host;
        this.objects = objects;
        this.ownAddresses = ownAddresses;
    }

    /** Returns whether Pods can have addresses of their own on this machine. */
    public static boolean canHaveAddresses() {
        return PodAddresses.areUsable();
    }

    /** Returns whether a Pod's job is done by the gateway itself. */
    public static boolean isProvided(ObjectNode pod) {
        for (var container : Trees.arrayAt(pod, "spec", "containers")) {
            if (ServerImage.of(Trees.text(container, "image")) == ServerImage.PICKER) {
                return true;
            }
        }
        return false;
    }

    @Override
    public Optional<String> refusal(ObjectNode pod) {
        if (isProvided(pod)) {
            return Optional.empty();
        }
        if (running.size() >= MOST_PODS) {
            return Optional.of(MOST_PODS + " Pods run already (expected: at most as many)");
        }
        PodSpec spec = spec(pod);
        if (spec == null) {
            return Optional.of("the Pod can't be read");
        }
        try {
            return read(pod, spec).isPresent() ? Optional.empty() : Optional.of(reason(spec));
        } catch (IllegalArgumentException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private Optional<ServerSpec> read(ObjectNode pod, PodSpec spec) {
        return reader.read(spec, Trees.namespace(pod), new SyncedAdapters(objects.get()));
    }

    private @Nullable PodSpec spec(ObjectNode pod) {
        return decoder.decode(pod, LineIndex.none("kubectl", pod)) instanceof Decoded decoded
                        && decoded.resource() instanceof Pod found
                ? found.spec()
                : null;
    }

    private String reason(PodSpec spec) {
        String images =
                String.join(", ", spec.containers().stream().map(Container::image).toList());
        boolean real =
                spec.containers().stream()
                        .anyMatch(c -> ServerImage.of(c.image()) == ServerImage.MODEL_SERVER);
        String hint =
                switch (reader.mode()) {
                    case NONE -> "weir up runs with --simulate none";
                    case IMAGES ->
                            real
                                    ? "a real model server; weir up --simulate all simulates it,"
                                            + " and --endpoints-file names one that runs"
                                    : "expected: a model-server simulator such as"
                                            + " llm-d-inference-sim";
                    case ALL -> "expected: a model server or a simulator of one";
                };
        return "weir up does not run " + images + " (" + hint + ")";
    }

    @Override
    public String start(ObjectNode pod) throws IOException {
        PodLog log = new PodLog(clock);
        if (isProvided(pod)) {
            log.add("This Pod's job is done by Weir itself; nothing runs here.");
            return started(pod, Running.without(log, take()));
        }
        PodSpec spec = spec(pod);
        ServerSpec server = spec == null ? null : read(pod, spec).orElse(null);
        if (spec == null || server == null) {
            throw new IOException("the Pod can't be read");
        }
        if (!ownAddresses) {
            log.add("This Pod runs as a part of its Deployment; its requests are not logged.");
            return started(pod, Running.without(log, take()));
        }
        Running started = run(pod, spec, server.arguments(), log);
        String address = started(pod, started);
        sync(started);
        return address;
    }

    /** Offers the adapters that ConfigMaps name now in all Pods that mount them. */
    public void syncAdapters() {
        running.values().forEach(this::sync);
    }

    private void sync(Running pod) {
        PodSpec spec = pod.spec();
        if (spec == null || spec.configMapVolumes().isEmpty()) {
            return;
        }
        try {
            reader.read(spec, pod.namespace(), new SyncedAdapters(objects.get()))
                    .ifPresent(server -> pod.offer(server.arguments().config().adapters()));
        } catch (IllegalArgumentException e) {
            LOG.atDebug().addKeyValue("pod", pod.address()).setCause(e).log("adapters not synced");
        }
    }

    private String started(ObjectNode pod, Running started) {
        running.put(Trees.uid(pod), started);
        return started.address().getHostAddress();
    }

    private InetAddress take() {
        return ownAddresses ? addresses.take() : InetAddress.ofLiteral(ELSEWHERE);
    }

    /** Starts the servers of all ranks on the first address on which all ports are free. */
    private Running run(ObjectNode pod, PodSpec spec, SimulatorArguments arguments, PodLog log)
            throws IOException {
        IOException failure = new IOException("no free address");
        for (int i = 0; i < ATTEMPTS; i++) {
            InetAddress address = addresses.take();
            List<SimulatorServer> servers = new ArrayList<>();
            try {
                for (int rank = 0; rank < arguments.ranks(); rank++) {
                    servers.add(server(pod, arguments, address, rank, log));
                }
                return new Running(
                        log,
                        servers,
                        address,
                        Trees.namespace(pod),
                        spec,
                        new AtomicReference<>(arguments.config().adapters()));
            } catch (IOException e) {
                servers.forEach(SimulatorServer::close);
                failure = e;
            }
        }
        throw failure;
    }

    private SimulatorServer server(
            ObjectNode pod, SimulatorArguments arguments, InetAddress address, int rank, PodLog log)
            throws IOException {
        int port = arguments.port() + rank;
        String name = Trees.name(pod);
        SimulatorServer server =
                host.start(
                        arguments
                                .config()
                                .withPod(name, Trees.namespace(pod), PodNames.hash(name) + rank)
                                .withRank(rank),
                        new InetSocketAddress(address, port),
                        log);
        log.add(
                "INFO:     Simulated server of "
                        + String.join(", ", arguments.config().models())
                        + " on http://"
                        + address.getHostAddress()
                        + ":"
                        + port);
        return server;
    }

    @Override
    public void stop(ObjectNode pod) {
        Running stopped = running.remove(Trees.uid(pod));
        if (stopped == null) {
            return;
        }
        stopped.log().end();
        if (stopped.servers().isEmpty()) {
            release(stopped.address());
        } else {
            Thread.ofVirtual().name("pod-stop").start(() -> stopped.stop());
        }
    }

    private void release(InetAddress address) {
        if (ownAddresses) {
            addresses.release(address);
        }
    }

    /** Returns how many Pods run. */
    public int count() {
        return running.size();
    }

    @Override
    public void write(ObjectNode pod, Request request, Sink sink)
            throws IOException, InterruptedException {
        Running found = running.get(Trees.uid(pod));
        if (found == null) {
            throw ApiError.badRequest(
                    "container \"%s\" in pod \"%s\" is waiting to start"
                            .formatted(request.container(), Trees.name(pod)));
        }
        try (var out = sink.open()) {
            new LogWriter(found.log(), request, clock).write(out);
        }
    }

    /** One Pod; its address is not used again while it drains. */
    private record Running(
            PodLog log,
            List<SimulatorServer> servers,
            InetAddress address,
            String namespace,
            @Nullable PodSpec spec,
            AtomicReference<List<Adapter>> offered) {

        static Running without(PodLog log, InetAddress address) {
            return new Running(log, List.of(), address, "", null, new AtomicReference<>(List.of()));
        }

        void offer(List<Adapter> wanted) {
            List<Adapter> before = offered.getAndSet(wanted);
            if (before.equals(wanted)) {
                return;
            }
            Set<String> gone = names(before);
            gone.removeAll(names(wanted));
            List<Adapter> fresh =
                    wanted.stream().filter(adapter -> !before.contains(adapter)).toList();
            servers.forEach(server -> server.adapters(gone, fresh));
            log.add("INFO:     Adapters are now " + String.join(", ", names(wanted)));
        }

        private static Set<String> names(List<Adapter> adapters) {
            Set<String> names = new LinkedHashSet<>();
            adapters.forEach(adapter -> names.add(adapter.name()));
            return names;
        }

        void stop() {
            try {
                Thread.sleep(STILL_ASKED);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            servers.forEach(server -> server.close(DRAIN));
        }
    }
}

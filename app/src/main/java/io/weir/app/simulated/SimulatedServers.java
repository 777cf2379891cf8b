package io.weir.app.simulated;

import io.weir.app.CommandFailure;
import io.weir.picker.Endpoint;
import io.weir.resource.Deployment;
import io.weir.resource.ObjectKey;
import io.weir.resource.ObjectSet;
import io.weir.resource.Origin;
import io.weir.resource.Problem;
import io.weir.resource.Problem.Severity;
import io.weir.simulator.SimulatorHost;
import io.weir.simulator.SimulatorServer;
import io.weir.simulator.engine.EngineProfile;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/**
 * Simulated servers of Deployments. Where {@link SimulatedPods} run them, this only knows which
 * there should be. Not thread-safe.
 */
public final class SimulatedServers {

    private final Simulate mode;
    private final EngineProfile profile;
    private final double timeScale;
    private final SimulatorHost host = new SimulatorHost();
    private final boolean inPods;
    private final Map<Place, SimulatorServer> running = new LinkedHashMap<>();
    private final List<Thread> retiring = new CopyOnWriteArrayList<>();
    private SimulatedDeployments wanted = SimulatedDeployments.NONE;

    /**
     * Creates a set without servers.
     *
     * @param mode which Deployments run as simulated servers
     * @param profileName timing where a Deployment does not say; null for none at all
     * @param timeScale factor on all times
     * @param inPods whether the servers run as Pods, each at an address of its own
     */
    public static SimulatedServers create(
            Simulate mode, @Nullable String profileName, double timeScale, boolean inPods)
            throws CommandFailure {
        Map<String, EngineProfile> profiles = EngineProfile.byName();
        EngineProfile profile =
                profileName == null ? EngineProfile.INSTANT : profiles.get(profileName);
        if (profile == null) {
            throw new CommandFailure(
                    "--latency-profile: "
                            + profileName
                            + " (expected: "
                            + String.join(", ", profiles.keySet())
                            + ")");
        }
        return new SimulatedServers(mode, profile, timeScale, inPods);
    }

    private SimulatedServers(
            Simulate mode, EngineProfile profile, double timeScale, boolean inPods) {
        this.mode = mode;
        this.profile = profile;
        this.timeScale = timeScale;
        this.inPods = inPods;
    }

    /**
     * Returns what runs Pods.
     *
     * @param objects the objects that are in force, for the ConfigMaps that Pods mount
     */
    public SimulatedPods pods(Supplier<ObjectSet> objects) {
        return new SimulatedPods(new ServerReader(mode, profile, timeScale), host, objects, inPods);
    }

    /** Returns how many replicas there should be. */
    public int replicas() {
        return wanted.all().stream().mapToInt(deployment -> deployment.pods().size()).sum();
    }

    /**
     * Starts the servers that are missing for the Deployments among these objects.
     *
     * @return what is wrong with the Deployments
     */
    public List<Problem> start(ObjectSet objects) {
        wanted = SimulatedDeployments.read(objects, mode, profile, timeScale);
        List<Problem> problems = new ArrayList<>(wanted.problems());
        if (inPods) {
            return problems;
        }
        for (SimulatedDeployment deployment : wanted.all()) {
            places(deployment).stream()
                    .filter(place -> !running.containsKey(place))
                    .forEach(place -> start(deployment, place, problems));
        }
        return problems;
    }

    private void start(SimulatedDeployment deployment, Place place, List<Problem> problems) {
        try {
            running.put(
                    place,
                    host.start(
                            deployment.configOf(place.pod, place.rank),
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
        } catch (IOException e) {
            problems.add(
                    new Problem(
                            Severity.ERROR,
                            new Origin("", 0),
                            deployment.key().toString(),
                            "",
                            place.pod + " can't start: " + e.getMessage()));
        }
    }

    /**
     * Returns the servers of a Deployment that stand for one port of its Pods; none when the
     * Deployment is not simulated or nothing listens on that port.
     */
    public List<Endpoint> endpoints(Deployment deployment, int port) {
        SimulatedDeployment found = wanted.get(deployment.key());
        if (found == null) {
            return List.of();
        }
        int rank = port - found.firstPort();
        List<Endpoint> endpoints = new ArrayList<>();
        for (String pod : found.pods()) {
            SimulatorServer server = running.get(new Place(found.key(), pod, rank));
            if (server != null) {
                endpoints.add(endpoint(found, pod, rank, server));
            }
        }
        return endpoints;
    }

    private static Endpoint endpoint(
            SimulatedDeployment deployment, String pod, int rank, SimulatorServer server) {
        return new Endpoint(
                deployment.key().namespace() + "/" + pod + "-rank-" + rank,
                pod,
                server.address().getAddress().getHostAddress(),
                server.port(),
                deployment.labels());
    }

    /** Returns whether a Deployment runs as simulated servers. */
    public boolean isSimulated(Deployment deployment) {
        return wanted.get(deployment.key()) != null;
    }

    /** Returns whether a simulated Deployment's image is that of a real model server. */
    public boolean standsForReal(Deployment deployment) {
        SimulatedDeployment found = wanted.get(deployment.key());
        return found != null && found.standsForReal();
    }

    /** Returns the Deployments whose servers were started last. */
    public SimulatedDeployments deployments() {
        return wanted;
    }

    /** Stops the servers that no Deployment wants any more, once their answers are complete. */
    public void retire(Duration drain) {
        Set<Place> keep = new HashSet<>();
        wanted.all().forEach(deployment -> keep.addAll(places(deployment)));
        retiring.removeIf(thread -> !thread.isAlive());
        running.entrySet()
                .removeIf(entry -> {
                    boolean retire = !keep.contains(entry.getKey());
                    if (retire) {
                        stop(entry.getValue(), drain);
                    }
                    return retire;
                });
    }

    private void stop(SimulatorServer server, Duration drain) {
        retiring.add(Thread.ofVirtual().name("simulator-stop").start(() -> server.close(drain)));
    }

    /** Stops all servers at once. */
    public void close() {
        running.values().forEach(SimulatorServer::close);
        running.clear();
        retiring.forEach(Thread::interrupt);
        host.close();
    }

    private static List<Place> places(SimulatedDeployment deployment) {
        List<Place> places = new ArrayList<>();
        for (String pod : deployment.pods()) {
            for (int rank = 0; rank < deployment.ranks(); rank++) {
                places.add(new Place(deployment.key(), pod, rank));
            }
        }
        return places;
    }

    /** One server: a rank of a replica. */
    private record Place(ObjectKey deployment, String pod, int rank) {}
}

package io.weir.app.simulated;

import io.weir.resource.Deployment;
import io.weir.resource.PodSpec.Container;
import io.weir.resource.Problem;
import io.weir.resource.Problem.Severity;
import io.weir.simulator.SimulatorArguments;
import io.weir.simulator.SimulatorConfig;
import io.weir.simulator.engine.EngineProfile;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds out which Deployments run as simulated servers, and how. */
final class DeploymentReader {

    /** Servers live in this process; a typing error in replicas must not fill it. */
    static final int MOST_REPLICAS = 256;

    private final Simulate mode;
    private final EngineProfile profile;
    private final double timeScale;
    private final SyncedAdapters synced;
    private final List<Problem> problems = new ArrayList<>();

    DeploymentReader(
            Simulate mode, EngineProfile profile, double timeScale, SyncedAdapters synced) {
        this.mode = mode;
        this.profile = profile;
        this.timeScale = timeScale;
        this.synced = synced;
    }

    /** Returns what is wrong with the Deployments that were read. */
    List<Problem> problems() {
        return problems;
    }

    /** Returns the Deployment as simulated servers; empty when it does not run as such. */
    Optional<SimulatedDeployment> read(Deployment deployment) {
        for (Container container : deployment.podSpec().containers()) {
            ServerImage image = ServerImage.of(container.image());
            if (isSimulated(image)) {
                return read(deployment, container, image == ServerImage.MODEL_SERVER);
            }
        }
        return Optional.empty();
    }

    private boolean isSimulated(ServerImage image) {
        return switch (mode) {
            case NONE -> false;
            case IMAGES -> image == ServerImage.SIMULATOR;
            case ALL -> image != ServerImage.OTHER;
        };
    }

    private Optional<SimulatedDeployment> read(
            Deployment deployment, Container container, boolean standsForReal) {
        SimulatorArguments arguments;
        try {
            arguments = SimulatorArguments.parse(ServerCommand.flags(container), profile);
        } catch (IllegalArgumentException e) {
            problem(Severity.ERROR, deployment, "args", String.valueOf(e.getMessage()));
            return Optional.empty();
        }
        if (!standsForReal && !arguments.warnings().isEmpty()) {
            String warnings = String.join("; ", arguments.warnings());
            problem(Severity.WARNING, deployment, "args", warnings);
        }
        int replicas = Math.min(deployment.replicas(), MOST_REPLICAS);
        if (replicas < deployment.replicas()) {
            problem(
                    Severity.WARNING,
                    deployment,
                    "replicas",
                    deployment.replicas() + " (simulated: at most " + MOST_REPLICAS + ")");
        }
        return Optional.of(
                SimulatedDeployment.of(
                        deployment, replicas, complete(arguments, deployment), standsForReal));
    }

    private SimulatorArguments complete(SimulatorArguments arguments, Deployment deployment) {
        SimulatorConfig config = synced.addTo(arguments.config(), deployment);
        return new SimulatorArguments(
                config.withProfile(config.profile().scaled(timeScale)),
                arguments.port(),
                arguments.ranks(),
                arguments.warnings());
    }

    private void problem(Severity severity, Deployment deployment, String field, String message) {
        String path = field.equals("replicas") ? "spec.replicas" : "spec.template.spec.containers";
        problems.add(
                new Problem(
                        severity,
                        deployment.metadata().origin(),
                        deployment.key().toString(),
                        path,
                        message));
    }
}

package io.weir.app.simulated;

import io.weir.resource.Deployment;
import io.weir.resource.Problem;
import io.weir.resource.Problem.Severity;
import io.weir.simulator.SimulatorArguments;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds out which Deployments run as simulated servers, and how. */
final class DeploymentReader {

    /** Servers live in this process; a typing error in replicas must not fill it. */
    static final int MOST_REPLICAS = 256;

    private final ServerReader reader;
    private final SyncedAdapters synced;
    private final List<Problem> problems = new ArrayList<>();

    DeploymentReader(ServerReader reader, SyncedAdapters synced) {
        this.reader = reader;
        this.synced = synced;
    }

    /** Returns what is wrong with the Deployments that were read. */
    List<Problem> problems() {
        return problems;
    }

    /** Returns the Deployment as simulated servers; empty when it does not run as such. */
    Optional<SimulatedDeployment> read(Deployment deployment) {
        try {
            return reader.read(deployment.podSpec(), deployment.metadata().namespace(), synced)
                    .map(server -> read(deployment, server));
        } catch (IllegalArgumentException e) {
            problem(Severity.ERROR, deployment, "args", String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private SimulatedDeployment read(Deployment deployment, ServerSpec server) {
        SimulatorArguments arguments = server.arguments();
        if (!server.standsForReal() && !arguments.warnings().isEmpty()) {
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
        return SimulatedDeployment.of(deployment, replicas, arguments, server.standsForReal());
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

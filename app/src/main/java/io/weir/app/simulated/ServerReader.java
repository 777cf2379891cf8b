package io.weir.app.simulated;

import io.weir.resource.PodSpec;
import io.weir.resource.PodSpec.Container;
import io.weir.simulator.SimulatorArguments;
import io.weir.simulator.SimulatorConfig;
import io.weir.simulator.engine.EngineProfile;

import java.util.Optional;

/**
 * Finds out which Pods run as simulated servers, and how.
 *
 * @param mode which images count
 * @param profile timing where a Pod does not say
 * @param timeScale factor on all times
 */
record ServerReader(Simulate mode, EngineProfile profile, double timeScale) {

    /**
     * Returns a Pod as a simulated server; empty when it does not run as such.
     *
     * @param synced adapters from ConfigMaps
     * @throws IllegalArgumentException when the arguments make no sense; the message says why
     */
    Optional<ServerSpec> read(PodSpec spec, String namespace, SyncedAdapters synced) {
        for (Container container : spec.containers()) {
            ServerImage image = ServerImage.of(container.image());
            if (isSimulated(image)) {
                SimulatorArguments arguments =
                        SimulatorArguments.parse(ServerCommand.flags(container), profile);
                return Optional.of(
                        new ServerSpec(
                                complete(arguments, spec, namespace, synced),
                                image == ServerImage.MODEL_SERVER));
            }
        }
        return Optional.empty();
    }

    private boolean isSimulated(ServerImage image) {
        return switch (mode) {
            case NONE -> false;
            case IMAGES -> image == ServerImage.SIMULATOR;
            case ALL -> image == ServerImage.SIMULATOR || image == ServerImage.MODEL_SERVER;
        };
    }

    private SimulatorArguments complete(
            SimulatorArguments arguments, PodSpec spec, String namespace, SyncedAdapters synced) {
        SimulatorConfig config = synced.addTo(arguments.config(), spec, namespace);
        return new SimulatorArguments(
                config.withProfile(config.profile().scaled(timeScale)),
                arguments.port(),
                arguments.ranks(),
                arguments.warnings());
    }
}

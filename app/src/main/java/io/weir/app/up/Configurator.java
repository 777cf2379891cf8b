package io.weir.app.up;

import io.weir.app.simulated.SimulatedServers;
import io.weir.config.Compilation;
import io.weir.config.CompileOptions;
import io.weir.config.PickerRule;
import io.weir.config.SnapshotCompiler;
import io.weir.picker.Endpoint;
import io.weir.picker.pool.PickerRegistry;
import io.weir.proxy.BindFailure;
import io.weir.proxy.DataPlane;
import io.weir.resource.InferencePool;
import io.weir.resource.Problem;
import io.weir.resource.manifest.LoadResult;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Brings objects into force: simulated servers start, a snapshot is compiled, pickers and data
 * plane take it, and simulated servers that nobody needs any more retire.
 *
 * <p>Called by one thread at a time.
 */
final class Configurator {

    private static final Duration RETIRE = Duration.ofMinutes(10);

    private final UpOptions options;
    private final BoundAddresses addresses;
    private final SimulatedServers simulated;
    private final CompileOptions.Replicas replicas;
    private final Installer installer;
    private FileEndpoints servers = FileEndpoints.NONE;
    private Function<InferencePool, List<Endpoint>> serversOf = servers::of;

    Configurator(
            UpOptions options,
            SimulatedServers simulated,
            PickerRegistry pickers,
            DataPlane dataPlane) {
        this.options = options;
        this.simulated = simulated;
        this.replicas = simulated::endpoints;
        this.installer = new Installer(pickers, dataPlane);
        this.addresses = new BoundAddresses(options.address(), "127.0.0.1");
    }

    /** Compiles without bringing anything into force, but for simulated servers. */
    Configuration compile(LoadResult manifests, FileEndpoints servers, Configuration before) {
        List<Problem> problems = simulated.start(manifests.objects());
        Compilation compilation =
                SnapshotCompiler.compile(
                        manifests.objects(),
                        compileOptions(manifests, servers),
                        before.compilation());
        return new Configuration(manifests, servers, compilation, problems);
    }

    private CompileOptions compileOptions(LoadResult manifests, FileEndpoints servers) {
        return new CompileOptions(
                        _ -> true,
                        true,
                        addresses,
                        options.portOffset(),
                        options.bodyLimitBytes(),
                        options.requestTimeout().toMillis(),
                        replicas,
                        serversOf(servers),
                        manifests::origin)
                .withPickers(new PickerRule(options.pickers(), false));
    }

    /** Returns the same function as long as the servers are the same. */
    private Function<InferencePool, List<Endpoint>> serversOf(FileEndpoints now) {
        if (!now.endpoints().equals(servers.endpoints())) {
            servers = now;
            serversOf = now::of;
        }
        return serversOf;
    }

    /**
     * Brings a compiled configuration into force.
     *
     * @return the configuration with the problems that came up
     */
    Applied apply(Configuration configuration) {
        List<Problem> problems = new ArrayList<>();
        List<BindFailure> unbound = installer.install(configuration, problems::add);
        simulated.retire(RETIRE);
        return new Applied(configuration.with(problems), unbound);
    }

    /** Returns the ports that could not be bound the last time. */
    List<BindFailure> unbound() {
        return installer.unbound();
    }

    /**
     * What is in force.
     *
     * @param configuration the configuration
     * @param unbound ports that could not be bound
     */
    record Applied(Configuration configuration, List<BindFailure> unbound) {}
}

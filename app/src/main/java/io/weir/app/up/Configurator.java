package io.weir.app.up;

import io.weir.app.simulated.SimulatedServers;
import io.weir.config.Compilation;
import io.weir.config.CompileOptions;
import io.weir.config.Snapshot;
import io.weir.config.SnapshotCompiler;
import io.weir.picker.pool.PickerRegistry;
import io.weir.picker.pool.PoolSpec;
import io.weir.proxy.BindFailure;
import io.weir.proxy.DataPlane;
import io.weir.resource.ObjectKey;
import io.weir.resource.Origin;
import io.weir.resource.Problem;
import io.weir.resource.Problem.Severity;
import io.weir.resource.manifest.LoadResult;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Brings objects into force: simulated servers start, a snapshot is compiled, pickers and data
 * plane take it, and simulated servers that nobody needs any more retire.
 *
 * <p>Called by one thread at a time.
 */
final class Configurator {

    private static final Duration RETIRE = Duration.ofMinutes(10);

    private final UpOptions options;
    private final SimulatedServers simulated;
    private final PickerRegistry pickers;
    private final DataPlane dataPlane;

    Configurator(
            UpOptions options,
            SimulatedServers simulated,
            PickerRegistry pickers,
            DataPlane dataPlane) {
        this.options = options;
        this.simulated = simulated;
        this.pickers = pickers;
        this.dataPlane = dataPlane;
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
                _ -> options.address(),
                options.portOffset(),
                options.bodyLimitBytes(),
                options.requestTimeout().toMillis(),
                simulated::endpoints,
                servers::of,
                manifests::origin);
    }

    /**
     * Brings a compiled configuration into force.
     *
     * @return the configuration with the problems that came up
     */
    Applied apply(Configuration configuration) {
        Snapshot snapshot = configuration.compilation().snapshot();
        List<Problem> problems = new ArrayList<>();
        pickers.apply(specs(snapshot))
                .forEach((pool, refusal) ->
                        problems.add(problem(configuration, pool, refusal.getMessage())));
        List<BindFailure> unbound = dataPlane.apply(snapshot);
        simulated.retire(RETIRE);
        return new Applied(configuration.with(problems), unbound);
    }

    private static Problem problem(
            Configuration configuration, ObjectKey pool, @Nullable String message) {
        Origin origin = configuration.manifests().origin(pool, "spec.endpointPickerRef");
        return new Problem(
                Severity.WARNING,
                origin,
                pool.toString(),
                "spec.endpointPickerRef",
                message + " (the picker goes on as before)");
    }

    private static Map<ObjectKey, PoolSpec> specs(Snapshot snapshot) {
        Map<ObjectKey, PoolSpec> specs = new LinkedHashMap<>();
        snapshot.pools()
                .forEach((key, pool) ->
                        specs.put(key, new PoolSpec(pool.endpoints(), pool.picker())));
        return specs;
    }

    /**
     * What is in force.
     *
     * @param configuration the configuration
     * @param unbound ports that could not be bound
     */
    record Applied(Configuration configuration, List<BindFailure> unbound) {}
}

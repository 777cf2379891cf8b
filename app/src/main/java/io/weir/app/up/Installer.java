package io.weir.app.up;

import io.weir.config.Snapshot;
import io.weir.picker.pool.PickerRegistry;
import io.weir.picker.pool.PoolSpec;
import io.weir.proxy.BindFailure;
import io.weir.proxy.DataPlane;
import io.weir.resource.ObjectKey;
import io.weir.resource.Origin;
import io.weir.resource.Problem;
import io.weir.resource.Problem.Severity;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Hands what was compiled to the pickers and the data plane. Called by one thread at a time. */
public final class Installer {

    private final PickerRegistry pickers;
    private final DataPlane dataPlane;
    private volatile List<BindFailure> unbound = List.of();

    public Installer(PickerRegistry pickers, DataPlane dataPlane) {
        this.pickers = pickers;
        this.dataPlane = dataPlane;
    }

    /**
     * Brings a configuration into force.
     *
     * @param problems takes what is wrong with pickers
     * @return ports that could not be bound
     */
    public List<BindFailure> install(Configuration configuration, Consumer<Problem> problems) {
        Snapshot snapshot = configuration.compilation().snapshot();
        pickers.apply(specs(snapshot))
                .forEach((pool, refusal) ->
                        problems.accept(problem(configuration, pool, refusal.getMessage())));
        List<BindFailure> failures = dataPlane.apply(snapshot);
        unbound = failures;
        return failures;
    }

    /** Returns the ports that could not be bound the last time. Any thread may ask. */
    public List<BindFailure> unbound() {
        return unbound;
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
}

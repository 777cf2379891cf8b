package io.weir.app.gateway;

import io.weir.app.up.Configuration;
import io.weir.app.up.FileEndpoints;
import io.weir.config.CompileOptions;
import io.weir.config.SnapshotCompiler;
import io.weir.kubernetes.cluster.AddressPool;
import io.weir.kubernetes.cluster.ClusterChange;
import io.weir.kubernetes.cluster.ClusterSink;
import io.weir.kubernetes.objects.LiveObjects;
import io.weir.resource.Gateway;
import io.weir.resource.GatewayClass;
import io.weir.resource.ObjectKey;
import io.weir.resource.ObjectName;
import io.weir.resource.ObjectSet;
import io.weir.resource.Problem;
import io.weir.resource.Problem.Severity;
import io.weir.resource.manifest.LoadResult;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The objects of a cluster, and what they compile to. Used by the feed's thread alone. */
final class Controller {

    private final GatewayOptions options;
    private final ClusterSink sink;
    private final @Nullable AddressPool pool;
    private final LiveObjects live = new LiveObjects("cluster", InstantSource.system());

    Controller(GatewayOptions options, ClusterSink sink) {
        this.options = options;
        this.sink = sink;
        this.pool = options.addressPool() == null ? null : AddressPool.of(options.addressPool());
    }

    /** Takes changes. */
    Taken take(List<ClusterChange> changes) {
        boolean configured = false;
        boolean touched = false;
        for (ClusterChange change : changes) {
            touched |= sink.take(change);
            configured |=
                    switch (change) {
                        case ClusterChange.Put put -> live.put(put.object());
                        case ClusterChange.Removed removed -> live.remove(removed.object());
                    };
        }
        return new Taken(configured, touched);
    }

    /** Compiles what there is now. */
    Configuration compile(Configuration before) {
        List<Problem> problems = new ArrayList<>(live.problems());
        ObjectSet objects = withoutHomeless(live.objects(), problems);
        LoadResult loaded = new LoadResult(objects, problems, List.of(), Map.of());
        return new Configuration(
                loaded,
                FileEndpoints.NONE,
                SnapshotCompiler.compile(objects, compileOptions(loaded), before.compilation()),
                List.of());
    }

    /** Leaves out the Gateways of ours that the pool has no address for. */
    private ObjectSet withoutHomeless(ObjectSet objects, List<Problem> problems) {
        AddressPool from = pool;
        if (from == null) {
            return objects;
        }
        Set<String> classes =
                objects.all(GatewayClass.class).stream()
                        .filter(this::isOurs)
                        .map(found -> found.metadata().name())
                        .collect(Collectors.toSet());
        List<Gateway> gateways =
                objects.all(Gateway.class).stream()
                        .filter(gateway -> classes.contains(gateway.gatewayClassName()))
                        .toList();
        from.keepOnly(gateways.stream().map(Controller::name).collect(Collectors.toSet()));
        List<ObjectKey> homeless = new ArrayList<>();
        for (Gateway gateway : gateways) {
            if (from.of(name(gateway), wanted(gateway)).isEmpty()) {
                homeless.add(gateway.key());
                problems.add(noAddress(gateway, from));
            }
        }
        return homeless.isEmpty() ? objects : objects.without(homeless);
    }

    private static Problem noAddress(Gateway gateway, AddressPool pool) {
        return new Problem(
                Severity.ERROR,
                gateway.metadata().origin(),
                gateway.key().toString(),
                "",
                "not served: no address is left of " + pool);
    }

    private static ObjectName name(Gateway gateway) {
        return gateway.key().objectName();
    }

    private boolean isOurs(GatewayClass found) {
        return found.controllerName().equals(options.controllerName());
    }

    private CompileOptions compileOptions(LoadResult loaded) {
        return new CompileOptions(
                this::isOurs,
                false,
                this::address,
                options.portOffset(),
                options.bodyLimitBytes(),
                options.requestTimeout().toMillis(),
                CompileOptions.Replicas.NONE,
                _ -> List.of(),
                loaded::origin);
    }

    private String address(Gateway gateway) {
        AddressPool from = pool;
        return from == null
                ? options.address()
                : from.of(name(gateway), wanted(gateway)).orElse(options.address());
    }

    private String wanted(Gateway gateway) {
        return gateway.addresses().stream()
                .map(Gateway.Address::value)
                .filter(value -> !value.isEmpty())
                .findFirst()
                .orElseGet(() -> before(gateway));
    }

    /** The address that a Gateway had before a restart. */
    private String before(Gateway gateway) {
        return sink.find(gateway.key())
                .map(found -> found.path("status").path("addresses").path(0).path("value"))
                .map(value -> value.asText(""))
                .orElse("");
    }

    /**
     * What came of changes.
     *
     * @param configured whether something that configures the gateway is different
     * @param touched whether an object was changed by somebody else, maybe its status
     */
    record Taken(boolean configured, boolean touched) {}
}

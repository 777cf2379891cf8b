package io.weir.app.gateway;

import io.weir.app.up.BoundAddresses;
import io.weir.app.up.Configuration;
import io.weir.app.up.FileEndpoints;
import io.weir.config.CompileOptions;
import io.weir.config.CompileOptions.Addresses;
import io.weir.config.PickerRule;
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
import io.weir.resource.manifest.LoadResult;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The objects of a cluster, and what they compile to. Used by the feed's thread alone. */
final class Controller {

    private final GatewayOptions options;
    private final ClusterSink sink;
    private final @Nullable AddressPool pool;
    private final Addresses addresses;
    private final LiveObjects live = new LiveObjects("cluster", InstantSource.system());

    Controller(GatewayOptions options, ClusterSink sink) {
        this.options = options;
        this.sink = sink;
        this.pool = options.addressPool() == null ? null : AddressPool.of(options.addressPool());
        this.addresses = addresses();
    }

    /** Takes changes. */
    Taken take(List<ClusterChange> changes) {
        boolean configured = false;
        Set<ObjectKey> touched = new HashSet<>();
        for (ClusterChange change : changes) {
            if (sink.take(change)) {
                touched.add(LiveObjects.keyOf(change.object()));
            }
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
        ObjectSet objects = live.objects();
        if (pool != null) {
            assign(pool, objects);
        }
        LoadResult loaded = new LoadResult(objects, live.problems(), List.of(), Map.of());
        return new Configuration(
                loaded,
                FileEndpoints.NONE,
                SnapshotCompiler.compile(objects, compileOptions(loaded), before.compilation()),
                List.of());
    }

    /** Gives addresses to Gateways of ours: first to those that had one or ask for one. */
    private void assign(AddressPool from, ObjectSet objects) {
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
        gateways.stream()
                .filter(gateway -> !wanted(gateway).isEmpty())
                .forEach(gateway -> from.of(name(gateway), wanted(gateway)));
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
                        addresses,
                        options.portOffset(),
                        options.bodyLimitBytes(),
                        options.requestTimeout().toMillis(),
                        CompileOptions.Replicas.NONE,
                        _ -> List.of(),
                        loaded::origin)
                .withPickers(new PickerRule(options.pickers(), true));
    }

    private Addresses addresses() {
        AddressPool from = pool;
        if (from != null) {
            return gateway -> from.of(name(gateway), wanted(gateway)).orElse("");
        }
        return options.service() == null ? bound(options) : new BehindService(options.address());
    }

    /** Returns the addresses of Gateways that are neither behind a Service nor of a pool. */
    static BoundAddresses bound(GatewayOptions options) {
        String node = options.nodeAddress();
        return new BoundAddresses(
                options.address(), node.isEmpty() ? BoundAddresses.ofThisMachine() : node);
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
     * @param touched objects that were changed by somebody else, maybe their status
     */
    record Taken(boolean configured, Set<ObjectKey> touched) {}

    /** Whether clients reach an address is for those to say who know the Service. */
    private record BehindService(String address) implements Addresses {

        @Override
        public String of(Gateway gateway) {
            return address;
        }

        @Override
        public boolean reach(Gateway gateway, String wanted) {
            return true;
        }
    }
}

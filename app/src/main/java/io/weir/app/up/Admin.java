package io.weir.app.up;

import io.weir.app.admin.HealthPages;
import io.weir.app.admin.HealthPages.Check;
import io.weir.app.admin.MetricsPage;
import io.weir.app.admin.Page;
import io.weir.picker.EndpointSnapshot;
import io.weir.picker.pool.PickerRegistry;
import io.weir.proxy.DataPlane;
import io.weir.resource.ObjectKey;
import io.weir.resource.Problem.Severity;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** The admin pages of a gateway. */
public final class Admin {

    private final Telemetry telemetry;
    private final DataPlane dataPlane;
    private final PickerRegistry pickers;
    private final Supplier<Configuration> configuration;
    private final BooleanSupplier serving;

    /**
     * @param configuration what is configured now
     * @param serving whether requests are accepted
     */
    public Admin(
            Telemetry telemetry,
            DataPlane dataPlane,
            PickerRegistry pickers,
            Supplier<Configuration> configuration,
            BooleanSupplier serving) {
        this.telemetry = telemetry;
        this.dataPlane = dataPlane;
        this.pickers = pickers;
        this.configuration = configuration;
        this.serving = serving;
        telemetry.measurePools(this::pools);
        telemetry.measureGateway(
                () -> dataPlane.stats().openExchanges(),
                () -> configuration.get().compilation().snapshot().generation(),
                () -> configuration.get().count(Severity.ERROR));
    }

    /** Returns the pages by path. */
    public Map<String, Page> pages() {
        return Map.of(
                "/livez",
                HealthPages.live(),
                "/readyz",
                HealthPages.ready(this::checks),
                "/metrics",
                new MetricsPage(telemetry.registry(), telemetry::measureMachine),
                "/config",
                new ConfigPage(configuration, pickers),
                "/explain",
                new ExplainPage(pickers, System::nanoTime));
    }

    private List<Check> checks() {
        List<Check> checks = new ArrayList<>();
        checks.add(new Check(serving.getAsBoolean(), "accepting requests"));
        for (InetSocketAddress address : dataPlane.serving()) {
            checks.add(new Check(true, "listening on " + Addresses.url(address)));
        }
        checks.add(
                new Check(
                        true,
                        "configuration "
                                + configuration.get().compilation().snapshot().generation()
                                + ", "
                                + configuration.get().count(Severity.ERROR)
                                + " errors"));
        return checks;
    }

    /** Returns the endpoints of all pools by the pool's name; pools of the same name together. */
    private Map<String, List<EndpointSnapshot>> pools() {
        Map<String, Map<String, EndpointSnapshot>> byName = new LinkedHashMap<>();
        for (ObjectKey pool : configuration.get().compilation().snapshot().pools().keySet()) {
            Map<String, EndpointSnapshot> endpoints =
                    byName.computeIfAbsent(pool.name(), _ -> new LinkedHashMap<>());
            for (EndpointSnapshot endpoint : pickers.forPool(pool).endpoints()) {
                endpoints.putIfAbsent(endpoint.endpoint().name(), endpoint);
            }
        }
        Map<String, List<EndpointSnapshot>> pools = new LinkedHashMap<>();
        byName.forEach((name, endpoints) -> pools.put(name, List.copyOf(endpoints.values())));
        return pools;
    }
}

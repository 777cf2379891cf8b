package io.weir.picker.pool;

import io.weir.picker.Endpoint;
import io.weir.picker.PickerSettings;
import io.weir.picker.prefix.Beginnings;
import io.weir.picker.prefix.BlockIndex;
import io.weir.picker.prefix.PrefixSettings;
import io.weir.picker.prefix.PrefixTable;
import io.weir.picker.setup.PickerConfig;
import io.weir.picker.setup.PickerConfigReader;
import io.weir.picker.setup.ScrapePlan;
import io.weir.picker.state.EndpointState;
import io.weir.picker.state.ServedModels;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/** The endpoints of one pool. Updates exclude one another; readers take the view and never wait. */
final class EndpointPool {

    private static final Logger log = LoggerFactory.getLogger(EndpointPool.class);

    private final Map<EndpointState.Key, EndpointState> states = new HashMap<>();
    private final PickerConfigReader configReader;
    private final EndpointWatch watch;
    private final Departed departed;
    private final Beginnings beginnings = new Beginnings();
    private final CommonModels commonModels = new CommonModels();
    private List<Endpoint> applied = List.of();
    private PickerSettings settings = PickerSettings.DEFAULT;
    private Runnable eased = () -> {};
    private volatile PoolView view;

    EndpointPool(PickerConfigReader configReader, EndpointWatch watch, LongSupplier nanoTime) {
        this.configReader = configReader;
        this.watch = watch;
        this.departed = new Departed(nanoTime);
        this.view =
                new PoolView(new EndpointState[0], configReader.read(PickerSettings.DEFAULT), null);
    }

    /** Says who is told of every scrape, for the endpoints that come from now on. */
    synchronized void whenEased(Runnable told) {
        eased = told;
    }

    PoolView view() {
        return view;
    }

    /**
     * Returns the models that all endpoints of a view serve; null when they serve different ones.
     */
    @Nullable ServedModels commonModels(PoolView of) {
        return commonModels.of(of.endpoints());
    }

    /**
     * Replaces endpoints and settings.
     *
     * @throws io.weir.picker.plugin.PluginException when the settings cannot be used; then the
     *     endpoints are replaced and the former settings stay
     */
    synchronized void update(List<Endpoint> endpoints, PickerSettings newSettings) {
        if (!endpoints.equals(applied)) {
            replace(endpoints, view.config());
        }
        if (!newSettings.equals(settings)) {
            PickerConfig config = configReader.read(newSettings);
            tell(config.warnings(), newSettings.configOrigin());
            view = new PoolView(view.endpoints(), config, view.beginnings());
            settings = newSettings;
            ScrapePlan plan = view.config().scrapePlan();
            states.values().forEach(state -> watch.configure(state, plan));
        }
    }

    private static void tell(List<String> warnings, String origin) {
        for (String warning : warnings) {
            log.atWarn().addKeyValue("in", origin).log(warning);
        }
    }

    synchronized void retire() {
        replace(List.of(), view.config());
    }

    private void replace(List<Endpoint> endpoints, PickerConfig config) {
        applied = List.copyOf(endpoints);
        Map<EndpointState.Key, EndpointState> next = new LinkedHashMap<>();
        for (Endpoint endpoint : endpoints) {
            next.computeIfAbsent(EndpointState.Key.of(endpoint), _ -> keepOrCreate(endpoint));
        }
        long prefixBytes = PrefixSettings.POOL_BYTES / Math.max(1, next.size());
        long blockBytes = BlockIndex.POOL_BYTES / Math.max(1, next.size());
        next.values()
                .forEach(state -> {
                    state.prefixes().limit(prefixBytes);
                    state.blocks().limit(blockBytes);
                });
        publish(next, config);
        tellWatch(next);
        states.clear();
        states.putAll(next);
    }

    private void publish(Map<EndpointState.Key, EndpointState> next, PickerConfig config) {
        EndpointState[] endpoints = next.values().toArray(EndpointState[]::new);
        if (beginnings.startsAnew(endpoints.length)) {
            view = new PoolView(endpoints, config, null);
        }
        List<PrefixTable> staying = next.values().stream().map(EndpointState::prefixes).toList();
        List<PrefixTable> leaving =
                states.entrySet().stream()
                        .filter(entry -> !next.containsKey(entry.getKey()))
                        .map(entry -> entry.getValue().prefixes())
                        .toList();
        view = new PoolView(endpoints, config, beginnings.arrange(staying, leaving));
    }

    private void tellWatch(Map<EndpointState.Key, EndpointState> next) {
        states.forEach((key, state) -> {
            if (!next.containsKey(key)) {
                departed.add(state);
                watch.end(state);
            }
        });
        next.forEach((key, state) -> {
            if (!states.containsKey(key)) {
                watch.begin(state);
                watch.configure(state, view.config().scrapePlan());
            }
        });
    }

    private EndpointState keepOrCreate(Endpoint endpoint) {
        EndpointState.Key key = EndpointState.Key.of(endpoint);
        EndpointState present = states.get(key);
        EndpointState kept = present != null ? present : departed.take(key);
        if (kept == null) {
            EndpointState made = new EndpointState(endpoint);
            made.whenScraped(eased);
            made.whenModelsChange(commonModels::changed);
            return made;
        }
        kept.endpoint(endpoint);
        return kept;
    }
}

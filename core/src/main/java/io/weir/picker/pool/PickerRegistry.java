package io.weir.picker.pool;

import io.weir.picker.Explanation;
import io.weir.picker.PickRequest;
import io.weir.picker.Pickers;
import io.weir.picker.PoolPicker;
import io.weir.picker.flow.Alarm;
import io.weir.picker.flow.FlowObserver;
import io.weir.picker.flow.FlowSnapshot;
import io.weir.picker.flow.Outcome;
import io.weir.picker.flow.SystemAlarm;
import io.weir.picker.flow.Waiting;
import io.weir.picker.plugin.PluginException;
import io.weir.picker.plugin.PluginProvider;
import io.weir.picker.setup.PickerConfigReader;
import io.weir.picker.tokens.TokenClient;
import io.weir.picker.tokens.TokenCounts;
import io.weir.resource.ObjectKey;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;

/**
 * The pickers of all pools, kept as long as their pools exist. Thread-safe.
 *
 * <p>A pool that is asked for before it was applied has no endpoints until it is.
 */
public final class PickerRegistry implements Pickers, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(PickerRegistry.class);

    private final Map<ObjectKey, BuiltInPicker> pickers = new ConcurrentHashMap<>();
    private final PickerConfigReader configReader;
    private final ScratchPool scratches;
    private final EndpointWatch watch;
    private final LongSupplier nanoTime;
    private final DecisionLog decisions = new DecisionLog();
    private final Alarm alarm;
    private final TokenClient tokenClient = new TokenClient();
    private volatile PoolFlowObserver flowObserver = PoolFlowObserver.NONE;

    /**
     * Returns a registry without pools.
     *
     * @param plugins the plugin types that configurations may name
     * @param watch what keeps endpoints' values up to date
     * @param nanoTime a clock that only goes forward, in nanoseconds
     * @param seeds seeds for random choices between equals
     */
    public PickerRegistry(
            List<? extends PluginProvider> plugins,
            EndpointWatch watch,
            LongSupplier nanoTime,
            LongSupplier seeds) {
        this(plugins, watch, nanoTime, seeds, Alarm.NONE);
    }

    /**
     * Returns a registry without pools.
     *
     * @param alarm wakes requests that have waited long enough; on the clock's time
     */
    public PickerRegistry(
            List<? extends PluginProvider> plugins,
            EndpointWatch watch,
            LongSupplier nanoTime,
            LongSupplier seeds,
            Alarm alarm) {
        this(new PickerConfigReader(plugins), watch, nanoTime, seeds, alarm);
    }

    private PickerRegistry(
            PickerConfigReader configReader,
            EndpointWatch watch,
            LongSupplier nanoTime,
            LongSupplier seeds,
            Alarm alarm) {
        this.alarm = alarm;
        this.configReader = configReader;
        this.scratches = new ScratchPool(seeds);
        this.watch = watch;
        this.nanoTime = nanoTime;
    }

    /** Returns a registry of the built-in and the installed plugins on the system's clock. */
    public static PickerRegistry create(EndpointWatch watch) {
        return new PickerRegistry(
                PickerConfigReader.installed(),
                watch,
                System::nanoTime,
                () -> ThreadLocalRandom.current().nextLong(),
                new SystemAlarm());
    }

    /**
     * Creates, updates and retires pickers, so that there is one for each of these pools.
     *
     * @return what is wrong with the settings of pools that cannot be used as configured; those
     *     have their new endpoints and go on with their former profile, at first the default one
     */
    public synchronized Map<ObjectKey, PluginException> apply(Map<ObjectKey, PoolSpec> pools) {
        Map<ObjectKey, PluginException> refused = new LinkedHashMap<>();
        pools.forEach((key, spec) -> {
            try {
                picker(key).update(spec.endpoints(), spec.settings());
            } catch (PluginException e) {
                refused.put(key, e);
            }
        });
        pickers.forEach((key, picker) -> {
            if (!pools.containsKey(key)) {
                retire(key, picker);
            }
        });
        return refused;
    }

    /** Returns the last decisions, which are kept when it is switched on. */
    public DecisionLog decisions() {
        return decisions;
    }

    /**
     * Returns what would become of a request now; nothing is reserved or remembered for it. A pool
     * that is not known has no answer.
     */
    public Optional<Explanation> explain(ObjectKey pool, PickRequest request) {
        return Optional.ofNullable(pickers.get(pool)).map(picker -> picker.explain(request));
    }

    /** Returns the pools that there are. */
    public Set<ObjectKey> pools() {
        return Set.copyOf(pickers.keySet());
    }

    @Override
    public PoolPicker forPool(ObjectKey pool) {
        return picker(pool);
    }

    /** Returns who waits in front of each pool. */
    public Map<ObjectKey, FlowSnapshot> flows() {
        Map<ObjectKey, FlowSnapshot> flows = new LinkedHashMap<>();
        pickers.forEach((key, picker) -> flows.put(key, picker.flows()));
        return flows;
    }

    /** Returns what servers told about their caches, by pool and the endpoint's name. */
    public Map<ObjectKey, Map<String, EndpointCache>> caches() {
        Map<ObjectKey, Map<String, EndpointCache>> caches = new LinkedHashMap<>();
        pickers.forEach((key, picker) -> {
            if (picker.readsTokens()) {
                caches.put(key, picker.caches());
            }
        });
        return caches;
    }

    /** Returns what became of questions about prompts' tokens, for pools that ask. */
    public Map<ObjectKey, TokenCounts.Snapshot> tokenCounts() {
        Map<ObjectKey, TokenCounts.Snapshot> counts = new LinkedHashMap<>();
        pickers.forEach((key, picker) -> {
            if (picker.readsTokens()) {
                counts.put(key, picker.tokenCounts().snapshot());
            }
        });
        return counts;
    }

    /** Says who is told of requests that waited. */
    public void observeFlows(PoolFlowObserver observer) {
        flowObserver = observer;
    }

    /** Retires all pickers and ends the watch of their endpoints. */
    @Override
    public synchronized void close() {
        pickers.forEach(this::retire);
        tokenClient.close();
        if (alarm instanceof SystemAlarm system) {
            system.close();
        }
    }

    private void retire(ObjectKey key, BuiltInPicker picker) {
        pickers.remove(key);
        picker.retire();
        log.atDebug().addKeyValue("pool", key).log("picker retired");
    }

    private BuiltInPicker picker(ObjectKey pool) {
        BuiltInPicker picker = pickers.get(pool);
        return picker != null ? picker : pickers.computeIfAbsent(pool, this::newPicker);
    }

    private BuiltInPicker newPicker(ObjectKey key) {
        EndpointPool pool = new EndpointPool(configReader, watch, nanoTime);
        return new BuiltInPicker(
                key, pool, scratches, decisions, alarm, new OfPool(key), tokenClient, nanoTime);
    }

    /** Passes on what happens in a pool's line. */
    private final class OfPool implements FlowObserver {

        private final ObjectKey pool;

        OfPool(ObjectKey pool) {
            this.pool = pool;
        }

        @Override
        public void left(Waiting request, Outcome outcome, long waitNanos) {
            flowObserver.left(pool, request, outcome, waitNanos);
        }

        @Override
        public void evicted(long nanos) {
            flowObserver.evicted(pool, nanos);
        }
    }
}

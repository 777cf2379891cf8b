package io.weir.simulator.engine;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * The work of one model server, without threads and without a clock: whoever drives it says what
 * time it is.
 *
 * <pre>{@code
 * engine.submit(request, listener, now);
 * while (engine.nextStepNanos() != Engine.NEVER) {
 *     now = engine.nextStepNanos();   // in real time: wait until then
 *     engine.step(now);
 * }
 * }</pre>
 *
 * Given the same calls, an engine makes the same calls to its listeners. In virtual time, one queue
 * of events drives any number of engines. An engine is not thread-safe; listeners may submit and
 * cancel.
 */
public abstract sealed class Engine permits StepEngine, PacedEngine {

    /** There is nothing to do. */
    public static final long NEVER = Long.MAX_VALUE;

    final EngineState state;

    Engine(EngineState state) {
        this.state = state;
    }

    /**
     * Returns an idle engine.
     *
     * @param profile what it is made of
     * @param maxAdapters adapters that are resident at a time, at least 1
     * @param seed of the noise
     */
    public static Engine of(EngineProfile profile, int maxAdapters, long seed) {
        EngineState state = new EngineState(profile, maxAdapters, seed);
        return switch (profile.latency()) {
            case StepLatency latency -> new StepEngine(state, latency);
            case PacedLatency latency -> new PacedEngine(state, latency);
        };
    }

    /**
     * Hands over a sequence. No token comes out before the next {@link #step}.
     *
     * @throws IllegalArgumentException when the sequence is longer than the whole KV cache
     */
    public abstract EngineTask submit(EngineRequest request, TokenListener listener, long nowNanos);

    /** Takes a sequence out, wherever it is; its listener hears nothing more. */
    public final void cancel(EngineTask task, long nowNanos) {
        switch (task.state) {
            case ARRIVING -> state.arriving.remove(task);
            case WAITING -> state.waiting.remove(task);
            case RUNNING -> takeOut(task);
            case DONE, CANCELLED -> {
                return;
            }
        }
        state.leave(task, EngineTask.State.CANCELLED, nowNanos);
    }

    /** Returns when {@link #step} wants to be called, or {@link #NEVER}. */
    public abstract long nextStepNanos();

    /**
     * Does what is due at {@link #nextStepNanos()}; nothing when that is after {@code nowNanos}.
     * After it, the next may be due already.
     */
    public abstract void step(long nowNanos);

    /** Says who hears what happens in the KV cache. */
    public final void listenToCache(CacheListener listener) {
        state.kv.listenTo(listener);
    }

    /** Makes everything that begins from now on slower by a factor; 1 is normal. */
    public final void slowDown(double factor) {
        state.slowness = factor;
    }

    /** Forgets resident adapters and cached blocks that are not in use, as a restart would. */
    public final void forget() {
        state.adapters.forgetIdle();
        state.kv.forget();
    }

    /** Makes an adapter that is not in use leave its slot. */
    public final void forgetAdapter(String adapter) {
        state.adapters.forget(adapter);
    }

    /** Returns how many sequences run. */
    public final int running() {
        return runningTasks().size();
    }

    /** Returns how many sequences wait for their turn, those on their way in included. */
    public final int waiting() {
        return state.waiting.size() + state.arriving.size();
    }

    /** Returns the share of the KV cache in use, 0..1. */
    public final double kvUsage() {
        return state.kv.usage();
    }

    /** Returns how many prompt tokens of a sequence would be found in the KV cache now. */
    public final int cachedTokens(EngineRequest request) {
        return state.kv.cachedTokens(request.blockHashes(), request.promptTokens() - 1);
    }

    /** Returns running sequences by adapter. */
    public final Map<String, Integer> runningByAdapter() {
        return AdapterCounts.of(runningTasks());
    }

    /** Returns waiting sequences by adapter. */
    public final Map<String, Integer> waitingByAdapter() {
        return AdapterCounts.of(state.waiting);
    }

    /** Returns the resident adapters, least recently used first. */
    public final List<String> residentAdapters() {
        return state.adapters.names();
    }

    /** Returns what was counted since the beginning. */
    public final EngineCounters counters() {
        return state.counters();
    }

    /** Takes a sequence out of those that run. */
    abstract void takeOut(EngineTask task);

    /** Returns the sequences that run. */
    abstract Collection<EngineTask> runningTasks();
}

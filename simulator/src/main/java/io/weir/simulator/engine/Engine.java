package io.weir.simulator.engine;

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
public sealed interface Engine permits StepEngine, PacedEngine {

    /** There is nothing to do. */
    long NEVER = Long.MAX_VALUE;

    /**
     * Returns an idle engine.
     *
     * @param profile what it is made of
     * @param maxAdapters adapters that are resident at a time, at least 1
     * @param seed of the noise
     */
    static Engine of(EngineProfile profile, int maxAdapters, long seed) {
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
    EngineTask submit(EngineRequest request, TokenListener listener, long nowNanos);

    /** Takes a sequence out, wherever it is; its listener hears nothing more. */
    void cancel(EngineTask task, long nowNanos);

    /** Returns when {@link #step} wants to be called, or {@link #NEVER}. */
    long nextStepNanos();

    /**
     * Does what is due at {@link #nextStepNanos()}; nothing when that is after {@code nowNanos}.
     * After it, the next may be due already.
     */
    void step(long nowNanos);

    /** Makes everything that begins from now on slower by a factor; 1 is normal. */
    void slowDown(double factor);

    /** Forgets resident adapters and cached blocks that are not in use, as a restart would. */
    void forget();

    /** Makes an adapter that is not in use leave its slot. */
    void forgetAdapter(String adapter);

    /** Returns how many sequences run. */
    int running();

    /** Returns how many sequences wait for their turn, those on their way in included. */
    int waiting();

    /** Returns the share of the KV cache in use, 0..1. */
    double kvUsage();

    /** Returns how many prompt tokens of a sequence would be found in the KV cache now. */
    int cachedTokens(EngineRequest request);

    /** Returns running sequences by adapter. */
    Map<String, Integer> runningByAdapter();

    /** Returns waiting sequences by adapter. */
    Map<String, Integer> waitingByAdapter();

    /** Returns the resident adapters, least recently used first. */
    List<String> residentAdapters();

    /** Returns what was counted since the beginning. */
    EngineCounters counters();
}

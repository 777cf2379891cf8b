package io.weir.simulator.engine;

import java.util.ArrayList;
import java.util.List;

/**
 * A sequence inside an engine. It belongs to the thread that drives the engine.
 *
 * <pre>{@code
 * submit → ARRIVING → WAITING ⇄ RUNNING → DONE
 *              └─────────┴──────────┴────→ CANCELLED
 * }</pre>
 *
 * A running sequence goes back to waiting when it is preempted.
 */
public final class EngineTask {

    /** Where a sequence is. */
    public enum State {
        ARRIVING,
        WAITING,
        RUNNING,
        DONE,
        CANCELLED
    }

    /** Time of something that has not happened. */
    public static final long NOT_YET = Long.MIN_VALUE;

    final EngineRequest request;
    final TokenListener listener;
    final EngineState engine;
    final long order;
    final long submittedNanos;

    State state = State.ARRIVING;
    long readyNanos;
    long admittedNanos = NOT_YET;
    long firstTokenNanos = NOT_YET;
    long lastTokenNanos = NOT_YET;
    int generated;
    int computed;
    int scheduled;

    /** Whether one token comes out in each step; then the counts above are those of its begin. */
    boolean decoding;

    long decodingSince;
    long finishesAt;
    int publishedBlocks;
    long dueNanos;
    int cachedTokens;
    int preemptions;
    boolean holdsAdapter;
    final List<KvCache.Block> blocks = new ArrayList<>();

    EngineTask(
            EngineRequest request,
            TokenListener listener,
            EngineState engine,
            long order,
            long nowNanos) {
        this.request = request;
        this.listener = listener;
        this.engine = engine;
        this.order = order;
        this.submittedNanos = nowNanos;
        this.readyNanos = nowNanos;
    }

    public EngineRequest request() {
        return request;
    }

    public State state() {
        return state;
    }

    /** Returns how many tokens came out so far. */
    public int generatedTokens() {
        return decoding ? generated + (int) (engine.decodeSteps - decodingSince) : generated;
    }

    /** Returns how many prompt tokens were found in the KV cache when the sequence first ran. */
    public int cachedTokens() {
        return cachedTokens;
    }

    /** Returns how often the sequence had to give up its blocks and start over. */
    public int preemptions() {
        return preemptions;
    }

    public long submittedNanos() {
        return submittedNanos;
    }

    /** Returns when the sequence began to run; {@link #NOT_YET} before. */
    public long admittedNanos() {
        return admittedNanos;
    }

    /** Returns when the first token came out; {@link #NOT_YET} before. */
    public long firstTokenNanos() {
        return firstTokenNanos;
    }

    /** Returns when the latest token came out; {@link #NOT_YET} before. */
    public long lastTokenNanos() {
        return lastTokenNanos;
    }

    /** Tokens whose keys and values must be computed before the next token can come out. */
    int tokensToCompute() {
        return request.promptTokens() + generated;
    }

    boolean isFinished() {
        return generated == request.outputTokens();
    }

    void admit(long nowNanos) {
        state = State.RUNNING;
        if (admittedNanos == NOT_YET) {
            admittedNanos = nowNanos;
            cachedTokens = computed;
        }
    }

    void emit(int count, long nowNanos) {
        generated += count;
        if (firstTokenNanos == NOT_YET) {
            firstTokenNanos = nowNanos;
        }
        lastTokenNanos = nowNanos;
    }
}

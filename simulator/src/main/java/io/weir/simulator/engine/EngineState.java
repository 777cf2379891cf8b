package io.weir.simulator.engine;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.SplittableRandom;

/** What both kinds of engine have: sequences on their way in and waiting, memory and counts. */
final class EngineState {

    private static final Comparator<EngineTask> BY_READINESS =
            Comparator.<EngineTask>comparingLong(task -> task.readyNanos)
                    .thenComparingLong(task -> task.order);

    final EngineProfile profile;
    final KvCache kv;
    final AdapterSlots adapters;
    final SplittableRandom random;
    final Queue<EngineTask> arriving = new PriorityQueue<>(BY_READINESS);
    final Deque<EngineTask> waiting = new ArrayDeque<>();

    /** When an adapter that a waiting sequence needs is loaded. */
    long adapterReadyNanos = Engine.NEVER;

    /** When room was made that a waiting sequence may use. */
    long roomNanos = Engine.NEVER;

    /** Steps in which every decoding sequence put out a token. */
    long decodeSteps;

    double slowness = 1;
    long steps;
    long preemptions;
    long prefixQueryTokens;
    long prefixHitTokens;
    long prefillTokens;
    long generatedTokens;
    long busyNanos;
    private long submitted;

    EngineState(EngineProfile profile, int maxAdapters, long seed) {
        this.profile = profile;
        kv = new KvCache(profile.kvBlocks(), profile.blockTokens(), profile.prefixCaching());
        adapters = new AdapterSlots(maxAdapters);
        random = new SplittableRandom(seed);
    }

    EngineTask arrive(
            EngineRequest request, TokenListener listener, long nowNanos, double delayNanos) {
        if (request.totalTokens() > profile.kvTokens()) {
            throw new IllegalArgumentException(
                    request.totalTokens()
                            + " tokens (expected: at most the KV cache's "
                            + profile.kvTokens()
                            + ")");
        }
        EngineTask task = new EngineTask(request, listener, this, submitted++, nowNanos);
        task.readyNanos = nowNanos + scaled(delayNanos);
        arriving.add(task);
        return task;
    }

    /** Lets sequences whose time has come join the queue. */
    void welcome(long nowNanos) {
        EngineTask first = arriving.peek();
        while (first != null && first.readyNanos <= nowNanos) {
            arriving.remove();
            first.state = EngineTask.State.WAITING;
            waiting.addLast(first);
            first = arriving.peek();
        }
    }

    /** Returns when a sequence may start that does not run yet. */
    long nextStartNanos() {
        EngineTask first = arriving.peek();
        long arrival = first == null ? Engine.NEVER : first.readyNanos;
        long room = waiting.isEmpty() ? Engine.NEVER : roomNanos;
        return Math.min(Math.min(arrival, room), adapterReadyNanos);
    }

    /**
     * Returns whether the adapter of a waiting sequence is usable, and remembers when it will be.
     */
    boolean adapterReady(EngineTask task, long nowNanos) {
        long load = scaled(profile.latency().adapterLoadNanos());
        long ready = adapters.hold(task, nowNanos, load);
        if (ready <= nowNanos) {
            return true;
        }
        adapterReadyNanos = Math.min(adapterReadyNanos, ready);
        return false;
    }

    /**
     * Gives a waiting sequence its first blocks.
     *
     * @param chunkTokens tokens beyond the cached ones that need room at most
     * @param totalTokens tokens that need room at most
     * @return whether there was room
     */
    boolean admit(EngineTask task, int chunkTokens, int totalTokens, long nowNanos) {
        int total = task.tokensToCompute();
        int cached = kv.admit(task, total - 1, chunkTokens, totalTokens);
        if (cached < 0) {
            return false;
        }
        task.computed = cached;
        prefixQueryTokens += total;
        prefixHitTokens += cached;
        task.admit(nowNanos);
        return true;
    }

    /** Takes a sequence's memory away. */
    void leave(EngineTask task, EngineTask.State state, long nowNanos) {
        kv.release(task);
        adapters.letGo(task);
        task.state = state;
        roomNanos = nowNanos;
    }

    long scaled(double nanos) {
        return Math.round(nanos * profile.timeScale() * slowness);
    }

    EngineCounters counters() {
        return new EngineCounters(
                steps,
                preemptions,
                prefixQueryTokens,
                prefixHitTokens,
                prefillTokens,
                generatedTokens,
                adapters.loads(),
                busyNanos);
    }
}

package io.weir.simulator.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;

/**
 * The scheduling loop of one model server.
 *
 * <pre>
 *   submit ──▶ frontend ──▶ waiting ──admit──▶ prefill ──▶ decode ──▶ done
 *                              ▲                  │           │
 *                              └───── preempted ◀─┴───────────┘
 * </pre>
 *
 * <p>Usage: after {@link #submit}, and whenever a step has ended, call {@link #beginStep}; if it
 * returns a time, call {@link #endStep} at that time. One thread at a time.
 */
public final class Engine {

    /** Returned by {@link #beginStep} when there is nothing to do. */
    public static final long IDLE = Long.MAX_VALUE;

    private final EngineProfile profile;
    private final KvCache cache;
    private final Adapters adapters;
    private final SplittableRandom random;
    private final ArrayDeque<Sequence> arriving = new ArrayDeque<>();
    private final ArrayDeque<Sequence> waiting = new ArrayDeque<>();
    private final List<Sequence> running = new ArrayList<>();
    private final List<Sequence> step = new ArrayList<>();
    private double slowFactor = 1;
    private long preemptions;
    private boolean stepping;

    /**
     * Makes an idle engine.
     *
     * @param profile its constants
     * @param maxAdapters most LoRA adapters on the accelerator at once
     * @param seed seed of the noise
     */
    public Engine(EngineProfile profile, int maxAdapters, long seed) {
        this.profile = profile;
        this.cache = new KvCache(profile.kvTokens());
        this.adapters = new Adapters(maxAdapters, profile.adapterLoadNanos());
        this.random = new SplittableRandom(seed);
    }

    /** Returns the chained hashes of the full blocks of a prompt, for {@link Sequence}. */
    public static long[] blockHashes(int[] tokens, long seed) {
        return KvCache.blockHashes(tokens, seed);
    }

    /** Takes a request that arrives now. */
    public void submit(Sequence sequence, long nowNanos) {
        if (KvCache.blocksFor(sequence.promptTokens + sequence.outputTokens)
                > cache.capacityBlocks()) {
            sequence.sink.refused(sequence);
            return;
        }
        sequence.arrivalNanos = nowNanos + (long) profile.frontendNanos();
        arriving.add(sequence);
    }

    /** Drops a request, wherever it is; its sink hears no more. */
    public void cancel(Sequence sequence) {
        sequence.cancelled = true;
        arriving.remove(sequence);
        waiting.remove(sequence);
        if (running.remove(sequence)) {
            leave(sequence);
        }
    }

    /** Makes steps take {@code factor} times as long from now on. */
    public void slowDown(double factor) {
        slowFactor = factor;
    }

    /** Forgets cached prefixes, as a restart would. */
    public void clearCache() {
        cache.clearIdle();
    }

    /** Forgets an adapter that is not in use. */
    public void unloadAdapter(String adapter) {
        adapters.forget(adapter);
    }

    /**
     * Puts the next step together.
     *
     * @param nowNanos the time
     * @return when to call {@link #endStep}; {@link #IDLE} when nothing waits or runs
     */
    public long beginStep(long nowNanos) {
        if (stepping) {
            throw new IllegalStateException("a step is under way");
        }
        arrive(nowNanos);
        step.clear();
        int budget = scheduleRunning(profile.stepTokenBudget(), nowNanos);
        scheduleWaiting(budget, nowNanos);
        if (step.isEmpty()) {
            return nextEvent(nowNanos);
        }
        stepping = true;
        return nowNanos + stepNanos();
    }

    private void arrive(long nowNanos) {
        while (!arriving.isEmpty() && arriving.peek().arrivalNanos <= nowNanos) {
            waiting.add(arriving.poll());
        }
    }

    /** Decodes first, one token each; then prefills that have begun. */
    private int scheduleRunning(int budget, long nowNanos) {
        int left = budget;
        for (Sequence sequence : List.copyOf(running)) {
            if (sequence.admitted && sequence.decoding() && growOrPreempt(sequence)) {
                sequence.chunk = 1;
                step.add(sequence);
                left--;
            }
        }
        for (Sequence sequence : running) {
            if (!sequence.decoding()) {
                left = schedulePrefill(sequence, left, nowNanos);
            }
        }
        return left;
    }

    private int schedulePrefill(Sequence sequence, int budget, long nowNanos) {
        if (budget <= 0 || adapters.readyNanos(sequence.adapter) > nowNanos) {
            return budget;
        }
        sequence.chunk = Math.min(budget, sequence.toCompute - sequence.computed);
        step.add(sequence);
        return budget - sequence.chunk;
    }

    private void scheduleWaiting(int budget, long nowNanos) {
        int left = budget;
        for (Iterator<Sequence> queue = waiting.iterator(); queue.hasNext() && left > 0; ) {
            Sequence sequence = queue.next();
            if (running.size() >= profile.maxSequences()) {
                return;
            }
            if (!adapters.acquire(sequence.adapter, nowNanos)) {
                continue;
            }
            if (!cache.admit(sequence, sequence.toCompute)) {
                adapters.release(sequence.adapter);
                return;
            }
            queue.remove();
            admit(sequence);
            left = schedulePrefill(sequence, left, nowNanos);
        }
    }

    private void admit(Sequence sequence) {
        if (sequence.generated == 0) {
            sequence.cachedTokens = sequence.computed;
        }
        sequence.admitted = true;
        running.add(sequence);
    }

    /** Makes room for one more token, at the cost of the newest sequence when the cache is full. */
    private boolean growOrPreempt(Sequence sequence) {
        int have = (sequence.sharedBlocks + sequence.ownBlocks) * KvCache.BLOCK_TOKENS;
        if (sequence.contextTokens() < have) {
            return true;
        }
        while (!cache.grow(sequence)) {
            Sequence newest = running.getLast();
            preempt(newest);
            if (newest == sequence) {
                return false;
            }
        }
        return true;
    }

    private void preempt(Sequence sequence) {
        preemptions++;
        running.remove(sequence);
        step.remove(sequence);
        leave(sequence);
        sequence.toCompute = sequence.contextTokens();
        sequence.computed = 0;
        waiting.addFirst(sequence);
    }

    private void leave(Sequence sequence) {
        sequence.admitted = false;
        cache.release(sequence);
        adapters.release(sequence.adapter);
    }

    private long nextEvent(long nowNanos) {
        long next = arriving.isEmpty() ? IDLE : arriving.peek().arrivalNanos;
        for (Sequence sequence : running) {
            long ready = adapters.readyNanos(sequence.adapter);
            if (ready > nowNanos) {
                next = Math.min(next, ready);
            }
        }
        return next;
    }

    private long stepNanos() {
        long prefillTokens = 0;
        long contextTokens = 0;
        for (Sequence sequence : step) {
            if (sequence.decoding()) {
                contextTokens += sequence.contextTokens();
            } else {
                prefillTokens += sequence.chunk;
            }
        }
        double nanos =
                profile.stepNanos()
                        + profile.sequenceNanos() * step.size()
                        + profile.contextTokenNanos() * contextTokens
                        + profile.prefillTokenNanos() * prefillTokens;
        return Math.max(0, (long) (nanos * slowFactor * noise()));
    }

    private double noise() {
        return profile.noise() == 0 ? 1 : Math.exp(profile.noise() * random.nextGaussian());
    }

    /**
     * Completes the step that {@link #beginStep} put together, or does nothing when it only waited.
     *
     * @param nowNanos the time that {@code beginStep} returned
     */
    public void endStep(long nowNanos) {
        stepping = false;
        for (Sequence sequence : step) {
            if (!sequence.cancelled) {
                advance(sequence, nowNanos);
            }
        }
        step.clear();
    }

    private void advance(Sequence sequence, long nowNanos) {
        if (!sequence.decoding()) {
            sequence.computed += sequence.chunk;
            if (!sequence.decoding()) {
                return;
            }
        } else {
            sequence.computed++;
            sequence.toCompute++;
        }
        sequence.generated++;
        if (sequence.finished()) {
            running.remove(sequence);
            leave(sequence);
        }
        sequence.sink.token(sequence, nowNanos, sequence.finished());
    }

    /** Returns what the server's metrics would say now. */
    public Stats stats() {
        Set<String> waitingAdapters = new TreeSet<>();
        for (Sequence sequence : waiting) {
            if (sequence.adapter != null) {
                waitingAdapters.add(sequence.adapter);
            }
        }
        return new Stats(
                running.size(),
                waiting.size(),
                cache.usage(),
                cache.queriedTokens(),
                cache.hitTokens(),
                preemptions,
                adapters.loads(),
                adapters.running(),
                waitingAdapters);
    }

    /**
     * Counters and gauges.
     *
     * @param running sequences in the batch
     * @param waiting sequences in the queue
     * @param kvCacheUsage share of KV blocks in use, 0..1
     * @param prefixQueriedTokens prompt tokens looked up in the prefix cache so far
     * @param prefixHitTokens prompt tokens found there so far
     * @param preemptions preemptions so far
     * @param adapterLoads adapters loaded so far
     * @param runningAdapters adapters of running sequences
     * @param waitingAdapters adapters of waiting sequences
     */
    public record Stats(
            int running,
            int waiting,
            double kvCacheUsage,
            long prefixQueriedTokens,
            long prefixHitTokens,
            long preemptions,
            long adapterLoads,
            Set<String> runningAdapters,
            Set<String> waitingAdapters) {}
}

package io.weir.simulator.engine;

import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.PriorityQueue;
import java.util.Queue;

/**
 * An engine in which every running sequence keeps its own pace. Sequences wait for one of {@code
 * maxRunning} places, for their adapter and for room in the KV cache, which they get for their
 * whole length at once, so that nobody is preempted.
 */
final class PacedEngine extends Engine {

    private static final Comparator<EngineTask> BY_DUE_TIME =
            Comparator.<EngineTask>comparingLong(task -> task.dueNanos)
                    .thenComparingLong(task -> task.order);

    private final PacedLatency latency;
    private final Queue<EngineTask> running = new PriorityQueue<>(BY_DUE_TIME);

    PacedEngine(EngineState state, PacedLatency latency) {
        super(state);
        this.latency = latency;
    }

    @Override
    public EngineTask submit(EngineRequest request, TokenListener listener, long nowNanos) {
        return state.arrive(request, listener, nowNanos, 0);
    }

    @Override
    public long nextStepNanos() {
        long start = state.nextStartNanos();
        EngineTask first = running.peek();
        return first == null ? start : Math.min(start, first.dueNanos);
    }

    @Override
    public void step(long nowNanos) {
        long time = nextStepNanos();
        if (time > nowNanos) {
            return;
        }
        state.welcome(time);
        startWaiting(time);
        EngineTask first = running.peek();
        if (first != null && first.dueNanos <= time) {
            running.remove();
            generate(first);
        }
    }

    private void startWaiting(long nowNanos) {
        state.roomNanos = NEVER;
        state.adapterReadyNanos = NEVER;
        Iterator<EngineTask> waiting = state.waiting.iterator();
        while (waiting.hasNext() && running.size() < state.profile.maxSequences()) {
            EngineTask task = waiting.next();
            if (!state.adapterReady(task, nowNanos)) {
                continue;
            }
            int tokens = task.request.totalTokens();
            if (!state.admit(task, tokens, tokens, nowNanos)) {
                return;
            }
            state.kv.publish(task, task.request.promptTokens());
            waiting.remove();
            start(task, nowNanos);
        }
    }

    private void start(EngineTask task, long nowNanos) {
        int uncached = task.request.promptTokens() - task.cachedTokens;
        state.prefillTokens += uncached;
        double load = loadFactor(running.size() + 1);
        double first = sample(latency.firstTokenNanos(), latency.firstTokenStdDevNanos());
        double prefill = sample(latency.prefillNanos(uncached), latency.prefillStdDevNanos());
        task.dueNanos = nowNanos + state.scaled((first + prefill) * load);
        running.add(task);
    }

    private void generate(EngineTask task) {
        long time = task.dueNanos;
        int left = task.request.outputTokens() - task.generated;
        int count = latency.betweenTokensNanos() == 0 || state.profile.timeScale() == 0 ? left : 1;
        task.emit(count, time);
        state.generatedTokens += count;
        state.kv.publish(task, task.request.promptTokens() + task.generated);
        boolean last = task.isFinished();
        if (last) {
            state.leave(task, EngineTask.State.DONE, time);
        } else {
            task.dueNanos = time + pause();
            running.add(task);
        }
        task.listener.onTokens(task, count, last);
    }

    private long pause() {
        double nanos = sample(latency.betweenTokensNanos(), latency.betweenTokensStdDevNanos());
        return state.scaled(nanos * loadFactor(running.size() + 1));
    }

    private double loadFactor(int sequences) {
        int max = state.profile.maxSequences();
        return max == 1
                ? 1
                : 1 + (latency.factorUnderLoad() - 1) * (sequences - 1) / (double) (max - 1);
    }

    private double sample(double mean, double standardDeviation) {
        if (standardDeviation == 0) {
            return mean;
        }
        double value = mean + standardDeviation * state.random.nextGaussian();
        return Math.clamp(value, 0.3 * mean, 1.7 * mean);
    }

    @Override
    void takeOut(EngineTask task) {
        running.remove(task);
    }

    @Override
    Collection<EngineTask> runningTasks() {
        return running;
    }
}

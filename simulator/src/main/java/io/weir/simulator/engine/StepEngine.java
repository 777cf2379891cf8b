package io.weir.simulator.engine;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;

/**
 * An engine that works in steps, after vLLM's scheduler. At the beginning of a step:
 *
 * <ol>
 *   <li>each running sequence, oldest first, gets one token to decode or the next chunk of its
 *       prompt, as far as the step's token budget goes; when the KV cache has no block for it, the
 *       newest running sequence is preempted: it loses its blocks and waits at the front of the
 *       queue to be computed anew;
 *   <li>if nobody was preempted, waiting sequences join in order, except those whose adapter is not
 *       there yet.
 * </ol>
 *
 * At its end every sequence whose tokens are all computed puts out its next token; a prompt's last
 * chunk puts out the first one.
 */
final class StepEngine extends Engine {

    private final StepLatency latency;
    private final List<EngineTask> running = new ArrayList<>();
    private long stepEndNanos = NEVER;

    StepEngine(EngineState state, StepLatency latency) {
        super(state);
        this.latency = latency;
    }

    @Override
    public EngineTask submit(EngineRequest request, TokenListener listener, long nowNanos) {
        return state.arrive(
                request,
                listener,
                nowNanos,
                latency.frontendNanos() * noise(latency.frontendSigma()));
    }

    @Override
    public long nextStepNanos() {
        return stepEndNanos != NEVER ? stepEndNanos : state.nextStartNanos();
    }

    @Override
    public void step(long nowNanos) {
        long time = nextStepNanos();
        if (time > nowNanos) {
            return;
        }
        if (stepEndNanos != NEVER) {
            endStep(time);
        }
        beginStep(time);
    }

    private void endStep(long nowNanos) {
        stepEndNanos = NEVER;
        List<EngineTask> heard = new ArrayList<>(running.size());
        for (EngineTask task : running) {
            task.computed += task.scheduled;
            if (task.scheduled > 0 && task.computed == task.tokensToCompute()) {
                task.emit(1, nowNanos);
                state.generatedTokens++;
                heard.add(task);
            }
            task.scheduled = 0;
        }
        running.removeIf(EngineTask::isFinished);
        for (EngineTask task : heard) {
            if (task.isFinished()) {
                state.leave(task, EngineTask.State.DONE, nowNanos);
            }
        }
        tell(heard);
    }

    /** A listener may cancel any sequence, also one that is still to be told. */
    private static void tell(List<EngineTask> tasks) {
        for (EngineTask task : tasks) {
            if (task.state != EngineTask.State.CANCELLED) {
                task.listener.onTokens(task, 1, task.isFinished());
            }
        }
    }

    private void beginStep(long nowNanos) {
        state.welcome(nowNanos);
        StepPlan plan = new StepPlan(state.profile.stepTokenBudget());
        boolean preempted = continueRunning(plan, nowNanos);
        if (!preempted) {
            startWaiting(plan, nowNanos);
        }
        if (plan.sequences == 0) {
            return;
        }
        long duration = state.scaled(plan.nanos(latency) * noise(latency.noiseSigma()));
        state.prefillTokens += plan.prefillTokens;
        state.steps++;
        state.busyNanos += duration;
        stepEndNanos = nowNanos + duration;
    }

    private boolean continueRunning(StepPlan plan, long nowNanos) {
        boolean preempted = false;
        for (int i = 0; i < running.size() && plan.budget > 0; i++) {
            EngineTask task = running.get(i);
            int tokens = Math.min(plan.budget, task.tokensToCompute() - task.computed);
            while (!state.kv.extend(task, task.computed + tokens)) {
                preempted = true;
                if (preemptNewest(nowNanos) == task) {
                    return true;
                }
            }
            schedule(task, tokens, plan);
        }
        return preempted;
    }

    private EngineTask preemptNewest(long nowNanos) {
        EngineTask newest = running.removeLast();
        state.leave(newest, EngineTask.State.WAITING, nowNanos);
        newest.computed = 0;
        newest.preemptions++;
        state.preemptions++;
        state.waiting.addFirst(newest);
        return newest;
    }

    private void startWaiting(StepPlan plan, long nowNanos) {
        state.roomNanos = NEVER;
        state.adapterReadyNanos = NEVER;
        Iterator<EngineTask> waiting = state.waiting.iterator();
        while (waiting.hasNext()
                && plan.budget > 0
                && running.size() < state.profile.maxSequences()) {
            EngineTask task = waiting.next();
            if (!state.adapterReady(task, nowNanos)) {
                continue;
            }
            if (!state.admit(task, plan.budget, task.tokensToCompute(), nowNanos)) {
                return;
            }
            waiting.remove();
            running.add(task);
            schedule(task, Math.min(plan.budget, task.tokensToCompute() - task.computed), plan);
        }
    }

    private void schedule(EngineTask task, int tokens, StepPlan plan) {
        task.scheduled = tokens;
        state.kv.publish(task, task.computed + tokens);
        plan.add(task, tokens);
    }

    private double noise(double sigma) {
        return sigma == 0 ? 1 : Math.exp(sigma * state.random.nextGaussian());
    }

    @Override
    Collection<EngineTask> runningTasks() {
        return running;
    }
}

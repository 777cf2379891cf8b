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
    private final int maxSequences;

    /** In the order in which they were admitted. */
    private final List<EngineTask> running = new ArrayList<>();

    /** Those of them whose prompts are not computed yet, in the same order. */
    private final List<EngineTask> prefilling = new ArrayList<>();

    private final DecodingTasks decoding;
    private int hearingEveryToken;
    private long stepEndNanos = NEVER;

    StepEngine(EngineState state, StepLatency latency) {
        super(state);
        this.latency = latency;
        EngineProfile profile = state.profile;
        // As in vLLM, one step has room for a token of each.
        maxSequences = Math.min(profile.maxSequences(), profile.stepTokenBudget());
        decoding = new DecodingTasks(state);
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
        List<EngineTask> heard = new ArrayList<>();
        if (hearingEveryToken > 0) {
            addOthers(heard, nowNanos);
        }
        decoding.step();
        List<EngineTask> finished = decoding.finished();
        for (EngineTask task : finished) {
            task.lastTokenNanos = nowNanos;
        }
        heard.addAll(finished);
        endPrefills(heard, finished, nowNanos);
        for (EngineTask task : finished) {
            stopRunning(task);
            state.leave(task, EngineTask.State.DONE, nowNanos);
        }
        tell(heard);
    }

    /** Adds decoding sequences whose listeners hear of every token, those that end now left out. */
    private void addOthers(List<EngineTask> heard, long nowNanos) {
        for (EngineTask task : running) {
            if (task.decoding
                    && task.listener.everyToken()
                    && task.finishesAt > state.decodeSteps + 1) {
                task.lastTokenNanos = nowNanos;
                heard.add(task);
            }
        }
    }

    private void endPrefills(List<EngineTask> heard, List<EngineTask> finished, long nowNanos) {
        for (int i = 0; i < prefilling.size(); i++) {
            EngineTask task = prefilling.get(i);
            task.computed += task.scheduled;
            boolean isComplete = task.scheduled > 0 && task.computed == task.tokensToCompute();
            task.scheduled = 0;
            if (!isComplete) {
                continue;
            }
            prefilling.remove(i--);
            task.emit(1, nowNanos);
            state.generatedTokens++;
            heard.add(task);
            if (task.isFinished()) {
                finished.add(task);
            } else {
                decoding.join(task);
            }
        }
    }

    /** A listener may cancel any sequence, also one that is still to be told. */
    private static void tell(List<EngineTask> tasks) {
        for (EngineTask task : tasks) {
            if (task.state != EngineTask.State.CANCELLED) {
                task.listener.onTokens(task, 1, task.state == EngineTask.State.DONE);
            }
        }
    }

    private void beginStep(long nowNanos) {
        state.welcome(nowNanos);
        StepPlan plan = new StepPlan(state.profile.stepTokenBudget());
        boolean preempted = continueDecoding(plan, nowNanos);
        preempted |= continuePrefilling(plan, nowNanos);
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

    private boolean continueDecoding(StepPlan plan, long nowNanos) {
        List<EngineTask> needing = decoding.needingBlocks();
        boolean preempted = needing.size() > state.kv.freeBlocks();
        if (preempted) {
            for (EngineTask task : List.copyOf(needing)) {
                while (task.decoding && !decoding.extend(task)) {
                    preemptNewest(nowNanos);
                }
            }
        } else {
            for (int i = 0; i < needing.size(); i++) {
                decoding.extend(needing.get(i));
            }
        }
        plan.addDecoding(decoding.count(), decoding.contextTokens(), decoding.useAdapters());
        return preempted;
    }

    private boolean continuePrefilling(StepPlan plan, long nowNanos) {
        boolean preempted = false;
        for (int i = 0; i < prefilling.size() && plan.budget > 0; i++) {
            EngineTask task = prefilling.get(i);
            int tokens = Math.min(plan.budget, task.tokensToCompute() - task.computed);
            while (!state.kv.extend(task, task.computed + tokens)) {
                preempted = true;
                // Nobody is newer than a sequence whose prompt is not computed yet.
                if (preemptNewest(nowNanos) == task) {
                    return true;
                }
            }
            schedule(task, tokens, plan);
        }
        return preempted;
    }

    private EngineTask preemptNewest(long nowNanos) {
        EngineTask newest = running.getLast();
        takeOut(newest);
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
        while (waiting.hasNext() && plan.budget > 0 && running.size() < maxSequences) {
            EngineTask task = waiting.next();
            if (!state.adapterReady(task, nowNanos)) {
                continue;
            }
            if (!state.admit(task, plan.budget, task.tokensToCompute(), nowNanos)) {
                return;
            }
            waiting.remove();
            running.add(task);
            prefilling.add(task);
            hearingEveryToken += task.listener.everyToken() ? 1 : 0;
            schedule(task, Math.min(plan.budget, task.tokensToCompute() - task.computed), plan);
        }
    }

    private void stopRunning(EngineTask task) {
        running.remove(task);
        hearingEveryToken -= task.listener.everyToken() ? 1 : 0;
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
    void takeOut(EngineTask task) {
        stopRunning(task);
        if (task.decoding) {
            decoding.leave(task);
        } else {
            prefilling.remove(task);
            task.scheduled = 0;
        }
    }

    @Override
    Collection<EngineTask> runningTasks() {
        return running;
    }
}

package io.weir.simulator.engine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;

/**
 * The sequences that put out one token in every step.
 *
 * <p>They are many, and in a step nothing happens to most of them but that they are a token longer.
 * So the steps are counted instead, once for all. A sequence is touched when it joins, when it
 * needs another block, which is in every sixteenth step, and when it leaves.
 */
final class DecodingTasks {

    private static final Comparator<EngineTask> BY_END =
            Comparator.<EngineTask>comparingLong(task -> task.finishesAt)
                    .thenComparingLong(task -> task.order);

    private final EngineState state;
    private final int blockTokens;
    private final List<List<EngineTask>> byPhase = new ArrayList<>();
    private final Queue<EngineTask> byEnd = new PriorityQueue<>(BY_END);
    private long contextTokens;
    private int withAdapters;

    DecodingTasks(EngineState state) {
        this.state = state;
        blockTokens = state.profile.blockTokens();
        for (int i = 0; i < blockTokens; i++) {
            byPhase.add(new ArrayList<>());
        }
    }

    int count() {
        return byEnd.size();
    }

    /**
     * Returns the sum of the tokens of all of them, the one that is next to be computed included.
     */
    long contextTokens() {
        return contextTokens;
    }

    boolean useAdapters() {
        return withAdapters > 0;
    }

    /** Adds a sequence whose tokens are all computed but the one that came out last. */
    void join(EngineTask task) {
        task.decoding = true;
        task.decodingSince = state.decodeSteps;
        task.finishesAt = state.decodeSteps + task.request.outputTokens() - (long) task.generated;
        phaseOf(task).add(task);
        byEnd.add(task);
        contextTokens += task.tokensToCompute();
        withAdapters += task.request.adapter() == null ? 0 : 1;
    }

    /** Takes a sequence out and brings its counts up to date. */
    void leave(EngineTask task) {
        phaseOf(task).remove(task);
        byEnd.remove(task);
        int steps = (int) (state.decodeSteps - task.decodingSince);
        task.decoding = false;
        task.generated += steps;
        task.computed += steps;
        contextTokens -= task.tokensToCompute();
        withAdapters -= task.request.adapter() == null ? 0 : 1;
        state.kv.publish(task, task.computed);
    }

    /** Counts a step, in which each of them put out a token. */
    void step() {
        state.decodeSteps++;
        contextTokens += count();
        state.generatedTokens += count();
    }

    /** Takes out those that are complete. */
    List<EngineTask> finished() {
        List<EngineTask> finished = new ArrayList<>();
        EngineTask first = byEnd.peek();
        while (first != null && first.finishesAt <= state.decodeSteps) {
            leave(first);
            finished.add(first);
            first = byEnd.peek();
        }
        return finished;
    }

    /** Returns those that need another block in the step that begins. */
    List<EngineTask> needingBlocks() {
        return byPhase.get((int) (state.decodeSteps % blockTokens));
    }

    /** Gives a sequence the block that it needs; false when there is none. */
    boolean extend(EngineTask task) {
        int computed = task.computed + (int) (state.decodeSteps - task.decodingSince);
        if (!state.kv.extend(task, computed + 1)) {
            return false;
        }
        state.kv.publish(task, computed);
        return true;
    }

    private List<EngineTask> phaseOf(EngineTask task) {
        return byPhase.get(
                (int) Math.floorMod(task.decodingSince - task.computed, (long) blockTokens));
    }
}

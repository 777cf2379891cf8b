package io.weir.picker.flow;

import io.weir.picker.plugin.FlowPolicy;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Least attained service: the flow that was served least, and whose first request waits longest, is
 * next. Both are taken relative to the greatest of the flows that wait.
 */
final class LeastServed implements Turns {

    private final FlowPolicy.Fairness.ProgramAware policy;
    private final Supplier<Line> lines;
    private final Ledger ledger;
    private final List<Flow> busy = new ArrayList<>();
    private double[] service = new double[8];

    LeastServed(FlowPolicy.Fairness.ProgramAware policy, Supplier<Line> lines, Ledger ledger) {
        this.policy = policy;
        this.lines = lines;
        this.ledger = ledger;
    }

    @Override
    public Flow flow(String fairnessId) {
        return new Flow(fairnessId, lines.get());
    }

    @Override
    public void busy(Flow flow) {
        busy.add(flow);
    }

    @Override
    public void idle(Flow flow) {
        busy.remove(flow);
    }

    @Override
    public @Nullable Waiting next(long nowNanos) {
        if (busy.size() < 2) {
            return busy.isEmpty() ? null : busy.getFirst().first();
        }
        double mostService = readService(nowNanos);
        long longestWait = longestWait(nowNanos);
        Waiting best = null;
        double bestScore = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < busy.size(); i++) {
            Waiting first = busy.get(i).first();
            double share = mostService > 0 ? service[i] / mostService : 0;
            double score = policy.serviceWeight() * (1 - share);
            if (first != null && longestWait > 0) {
                double wait = (double) (nowNanos - first.enqueuedNanos) / longestWait;
                score += policy.waitWeight() * wait;
            }
            if (first != null && score > bestScore) {
                best = first;
                bestScore = score;
            }
        }
        return best;
    }

    @Override
    public void served(Flow flow) {}

    private double readService(long nowNanos) {
        if (service.length < busy.size()) {
            service = new double[busy.size() * 2];
        }
        double most = 0;
        for (int i = 0; i < busy.size(); i++) {
            service[i] = ledger.service(busy.get(i).fairnessId(), nowNanos);
            most = Math.max(most, service[i]);
        }
        return most;
    }

    private long longestWait(long nowNanos) {
        long longest = 0;
        for (Flow flow : busy) {
            Waiting first = flow.first();
            longest = first == null ? longest : Math.max(longest, nowNanos - first.enqueuedNanos);
        }
        return longest;
    }
}

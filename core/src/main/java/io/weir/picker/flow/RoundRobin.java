package io.weir.picker.flow;

import org.jspecify.annotations.Nullable;

import java.util.function.Supplier;

/** Flows with requests stand in a ring and take turns; a new one comes after all others. */
final class RoundRobin implements Turns {

    private final Supplier<Line> lines;
    private @Nullable Flow turn;

    RoundRobin(Supplier<Line> lines) {
        this.lines = lines;
    }

    @Override
    public Flow flow(String fairnessId) {
        return new Flow(fairnessId, lines.get());
    }

    @Override
    public void busy(Flow flow) {
        Flow current = turn;
        if (current == null) {
            flow.next = flow;
            flow.previous = flow;
            turn = flow;
            return;
        }
        Flow last = current.previous;
        flow.next = current;
        flow.previous = last;
        current.previous = flow;
        if (last != null) {
            last.next = flow;
        }
    }

    @Override
    public void idle(Flow flow) {
        Flow next = flow.next;
        Flow previous = flow.previous;
        flow.next = null;
        flow.previous = null;
        if (next == null || previous == null || next == flow) {
            turn = null;
            return;
        }
        previous.next = next;
        next.previous = previous;
        if (turn == flow) {
            turn = next;
        }
    }

    @Override
    public @Nullable Waiting next(long nowNanos) {
        return turn == null ? null : turn.first();
    }

    @Override
    public void served(Flow flow) {
        turn = flow.next;
    }
}

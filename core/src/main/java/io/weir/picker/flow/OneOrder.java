package io.weir.picker.flow;

import org.jspecify.annotations.Nullable;

/** One order over all flows. */
final class OneOrder implements Turns {

    private final Line line;

    OneOrder(Line line) {
        this.line = line;
    }

    @Override
    public Flow flow(String fairnessId) {
        return new Flow(fairnessId, line);
    }

    @Override
    public void busy(Flow flow) {}

    @Override
    public void idle(Flow flow) {}

    @Override
    public @Nullable Waiting next(long nowNanos) {
        return line.first();
    }

    @Override
    public void served(Flow flow) {}
}

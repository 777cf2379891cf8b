package io.weir.picker.flow;

import io.weir.picker.plugin.FlowPolicy;
import io.weir.picker.setup.FlowControlSettings;

import org.jspecify.annotations.Nullable;

import java.util.function.Supplier;

/** Whose turn it is in a band. Owned by one thread at a time. */
sealed interface Turns permits OneOrder, RoundRobin, LeastServed {

    /** Returns turns of a band's flows. */
    static Turns of(FlowControlSettings.Band settings, Ledger ledger) {
        Supplier<Line> lines = () -> Line.of(settings.ordering());
        return switch (settings.fairness()) {
            case FlowPolicy.Fairness.GlobalStrict _ -> new OneOrder(lines.get());
            case FlowPolicy.Fairness.RoundRobin _ -> new RoundRobin(lines);
            case FlowPolicy.Fairness.ProgramAware policy -> new LeastServed(policy, lines, ledger);
        };
    }

    /** Makes a flow whose requests will take turns. */
    Flow flow(String fairnessId);

    /** Says that a flow has requests. */
    void busy(Flow flow);

    /** Says that a flow has none any more. */
    void idle(Flow flow);

    /** Returns the request whose turn it is; null when nobody waits. */
    @Nullable Waiting next(long nowNanos);

    /** Says that a flow has had its turn, before its request is taken out. */
    void served(Flow flow);
}

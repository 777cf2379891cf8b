package io.weir.picker.pool;

import io.weir.picker.HeaderField;
import io.weir.picker.plugin.Chosen;
import io.weir.picker.plugin.PickContext;
import io.weir.picker.plugin.PickObserver;
import io.weir.picker.plugin.ProfilePlan;
import io.weir.picker.plugin.Schedule;
import io.weir.picker.state.EndpointState;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * The other endpoints that work for a request, what all profiles chose, and what is told of it.
 * Used by one thread at a time.
 */
final class Companions {

    private final List<SideWork> others = new ArrayList<>(2);
    private final List<HeaderField> told = new ArrayList<>(2);
    private final Chosen chosen;
    private boolean ended;

    private Companions(Chosen chosen) {
        this.chosen = chosen;
    }

    static Companions of(Schedule schedule, PickContext context, int primary) {
        int profiles = schedule.profiles().size();
        @Nullable EndpointState[] states = new @Nullable EndpointState[profiles];
        for (int p = 0; p < profiles; p++) {
            int index = context.choice(p);
            states[p] = index == ProfilePlan.NONE ? null : context.endpointAt(index);
        }
        Companions companions = new Companions(new Chosen(schedule.profiles(), primary, states));
        for (int p = 0; p < profiles; p++) {
            int index = context.choice(p);
            if (p != primary && index != ProfilePlan.NONE) {
                boolean prefill = schedule.plan().takesPrefill(p);
                long tokens = prefill ? context.prefixes().uncachedTokens(index) : 0;
                companions.others.add(
                        new SideWork(context.endpointAt(index), index, prefill, tokens));
            }
        }
        return companions;
    }

    List<SideWork> others() {
        return others;
    }

    /** Tells all who want to know what was chosen. */
    void announce(Schedule schedule, PickContext context) {
        for (PickObserver observer : schedule.observers()) {
            observer.picked(context, chosen, told::add);
        }
    }

    /** Returns whether one of them reads the prompt. */
    boolean takePrefill() {
        return others.stream().anyMatch(SideWork::takesPrefill);
    }

    void begin() {
        others.forEach(SideWork::begin);
    }

    /** Ends their work; a second call has no effect. */
    void end() {
        if (!ended) {
            ended = true;
            others.forEach(SideWork::end);
        }
    }

    List<HeaderField> requestHeaders(Schedule schedule, EndpointState current) {
        List<HeaderField> fields = new ArrayList<>(told);
        schedule.plan().requestHeaders(chosen.withPrimary(current), fields::add);
        return fields;
    }

    List<HeaderField> responseHeaders(Schedule schedule, EndpointState current) {
        List<HeaderField> fields = new ArrayList<>();
        Chosen answering = chosen.withPrimary(current);
        for (PickObserver observer : schedule.observers()) {
            observer.answerHeaders(answering, fields::add);
        }
        return fields;
    }
}

package io.weir.picker.pool;

import io.weir.picker.Explanation;
import io.weir.picker.Explanation.Removal;
import io.weir.picker.Explanation.Row;
import io.weir.picker.Explanation.Stage;
import io.weir.picker.Explanation.Weight;
import io.weir.picker.PickRequest;
import io.weir.picker.PickResult;
import io.weir.picker.plugin.PickContext;
import io.weir.picker.plugin.PickTrace;
import io.weir.picker.plugin.Profile;
import io.weir.picker.state.EndpointState;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Writes down how one pick comes about. Used by one thread. */
final class PickRecorder implements PickTrace {

    private final List<Removal> narrowed = new ArrayList<>();
    private final List<Stage> stages = new ArrayList<>();
    private final List<Integer> before = new ArrayList<>();
    private List<Removal> filters = new ArrayList<>();
    private List<Weight> scorers = new ArrayList<>();
    private List<double[]> scores = new ArrayList<>();
    private List<Row> rows = new ArrayList<>();
    private boolean inStage;
    private int candidates;
    private @Nullable String runnerUp;

    /** Begins anew, because somebody else was faster. */
    void restart(PickContext context) {
        narrowed.clear();
        stages.clear();
        candidates = context.size();
        inStage = false;
    }

    /** Begins a profile, perhaps for the second time. */
    void beginStage() {
        inStage = true;
        filters = new ArrayList<>();
        scorers = new ArrayList<>();
        scores = new ArrayList<>();
        rows = new ArrayList<>();
    }

    @Override
    public void beforeFilter(PickContext context) {
        before.clear();
        for (int i = 0; i < context.size(); i++) {
            before.add(context.index(i));
        }
    }

    @Override
    public void filtered(String filter, boolean left, PickContext context) {
        Set<Integer> after = new HashSet<>();
        for (int i = 0; left && i < context.size(); i++) {
            after.add(context.index(i));
        }
        List<String> removed = new ArrayList<>();
        for (int index : before) {
            if (!after.contains(index)) {
                removed.add(context.endpointAt(index).endpoint().name());
            }
        }
        (inStage ? filters : narrowed).add(new Removal(filter, removed, after.size()));
    }

    @Override
    public void scored(String scorer, double weight, double[] values, PickContext context) {
        scorers.add(new Weight(scorer, weight));
        double[] copy = new double[context.size()];
        System.arraycopy(values, 0, copy, 0, copy.length);
        scores.add(copy);
    }

    /** Notes the candidates with their totals; the order is that of the keys. */
    void ranked(PickContext context, double[] totals) {
        for (int i = 0; i < context.size(); i++) {
            EndpointState state = context.endpoint(i);
            List<Double> values = new ArrayList<>();
            for (double[] of : scores) {
                values.add(of[i]);
            }
            boolean avoided = state.health().isAvoided(context.nowNanos());
            rows.add(
                    new Row(
                            state.endpoint().name(),
                            state.endpoint().authority(),
                            values,
                            totals[i],
                            avoided));
        }
        rows.sort(
                Comparator.comparing(Row::avoided)
                        .thenComparing(Comparator.comparingDouble(Row::total).reversed()));
    }

    /**
     * Ends a profile.
     *
     * @param chosen the endpoint that it chose; null when there was none
     * @param second the next best; null when there was none
     */
    void endStage(
            Profile profile,
            @Nullable EndpointState chosen,
            @Nullable EndpointState second,
            boolean isPrimary) {
        String name = chosen == null ? null : chosen.endpoint().name();
        stages.add(new Stage(profile.name(), filters, scorers, rows, name));
        if (isPrimary) {
            runnerUp = second == null ? null : second.endpoint().name();
        }
    }

    Explanation explanation(
            PickRequest request,
            long atNanos,
            @Nullable EndpointState picked,
            PickResult.@Nullable Refused refusal) {
        return new Explanation(
                request.details().requestId(),
                atNanos,
                request.model(),
                request.priority(),
                request.promptTokens(),
                candidates,
                narrowed,
                stages,
                picked == null ? null : picked.endpoint().name(),
                picked == null ? null : runnerUp,
                refusal);
    }
}

package io.weir.picker.plugin;

import io.weir.picker.prefix.PrefixSettings;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Filters, scorers and a picker that judge candidates together. Immutable and shared by all
 * threads.
 */
public final class Profile {

    private final String name;
    private final Filter[] filters;
    private final Scorer[] scorers;
    private final double[] weights;
    private final Picker picker;
    private final @Nullable PrefixSettings prefixSettings;
    private final SaturationDetector detector;
    private final List<String> filterNames;
    private final List<String> scorerNames;
    private final boolean predictsLatency;

    /**
     * A scorer and its weight.
     *
     * @param scorer the scorer
     * @param weight what its score is multiplied with; not negative
     */
    public record Weighted(Scorer scorer, double weight) {

        public Weighted {
            if (!(weight >= 0) || weight == Double.POSITIVE_INFINITY) {
                throw new IllegalArgumentException("weight: " + weight + " (expected: >= 0)");
            }
        }
    }

    /**
     * Returns a profile whose plugins are named after their classes.
     *
     * @param prefixSettings how prompts are matched; null when no plugin asks
     * @param detector says when requests that may be dropped are
     */
    public Profile(
            String name,
            List<Filter> filters,
            List<Weighted> scorers,
            Picker picker,
            @Nullable PrefixSettings prefixSettings,
            SaturationDetector detector) {
        this(
                name,
                filters,
                scorers,
                picker,
                prefixSettings,
                detector,
                filters.stream().map(Profile::typeName).toList(),
                scorers.stream().map(Weighted::scorer).map(Profile::typeName).toList());
    }

    /**
     * Returns a profile.
     *
     * @param prefixSettings how prompts are matched; null when no plugin asks
     * @param detector says when requests that may be dropped are
     * @param filterNames names of the filters, for explanations
     * @param scorerNames names of the scorers, for explanations
     */
    public Profile(
            String name,
            List<Filter> filters,
            List<Weighted> scorers,
            Picker picker,
            @Nullable PrefixSettings prefixSettings,
            SaturationDetector detector,
            List<String> filterNames,
            List<String> scorerNames) {
        this.filterNames = List.copyOf(filterNames);
        this.scorerNames = List.copyOf(scorerNames);
        this.name = name;
        this.filters = filters.toArray(Filter[]::new);
        this.scorers = scorers.stream().map(Weighted::scorer).toArray(Scorer[]::new);
        this.weights = scorers.stream().mapToDouble(Weighted::weight).toArray();
        this.picker = picker;
        this.prefixSettings = prefixSettings;
        this.detector = detector;
        this.predictsLatency =
                filters.stream().anyMatch(Plugin::predictsLatency)
                        || scorers.stream().anyMatch(s -> s.scorer().predictsLatency());
    }

    /** Returns how many endpoints a proxy is to be told, in order. */
    public int mostEndpoints() {
        return picker.mostEndpoints();
    }

    /** Returns the name. */
    public String name() {
        return name;
    }

    /** Returns how prompts are matched; null when they are not. */
    public @Nullable PrefixSettings prefixSettings() {
        return prefixSettings;
    }

    /** Returns whether some plugin wants latencies to be predicted. */
    public boolean predictsLatency() {
        return predictsLatency;
    }

    /** Returns whether the saturation follows from what servers say of their load. */
    public boolean saturationIsScraped() {
        return detector.readsServerLoad();
    }

    /** Returns how full the candidates are; from 1 on, requests that may be dropped are. */
    public double saturation(PickContext context) {
        return detector.saturation(context);
    }

    /**
     * Runs the filters in order.
     *
     * @param trace is told what each did; null when nobody asks
     * @return false when one of them left nothing
     */
    public boolean filter(PickContext context, @Nullable PickTrace trace) {
        for (int f = 0; f < filters.length; f++) {
            if (trace != null) {
                trace.beforeFilter(context);
            }
            boolean left = context.apply(filters[f]);
            if (trace != null) {
                trace.filtered(filterNames.get(f), left, context);
            }
            if (!left) {
                return false;
            }
        }
        return true;
    }

    /**
     * Adds up the scores of each candidate.
     *
     * @param trace is told what each scorer said; null when nobody asks
     */
    public void score(
            PickContext context, double[] totals, double[] scratch, @Nullable PickTrace trace) {
        int size = context.size();
        Arrays.fill(totals, 0, size, 0);
        for (int s = 0; s < scorers.length; s++) {
            scorers[s].score(context, scratch);
            add(totals, scratch, weights[s], size);
            if (trace != null) {
                trace.scored(scorerNames.get(s), weights[s], scratch, context);
            }
        }
    }

    /** Returns the key by which a candidate is ordered. */
    public double key(double total, PickContext context) {
        return picker.key(total, context);
    }

    private static void add(double[] totals, double[] scores, double weight, int size) {
        for (int i = 0; i < size; i++) {
            scores[i] = clamp(scores[i]);
            totals[i] += weight * scores[i];
        }
    }

    private static double clamp(double score) {
        // NaN fails the first comparison.
        return !(score > 0) ? 0 : score < 1 ? score : 1;
    }

    /** QueueScorer is called queue-scorer. */
    private static String typeName(Plugin plugin) {
        return plugin.getClass()
                .getSimpleName()
                .replaceAll("(?<=[a-z0-9])(?=[A-Z])", "-")
                .toLowerCase(Locale.ROOT);
    }
}

package io.weir.picker;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * Why a request went where it went.
 *
 * @param requestId the request; empty when it was a hypothetical one
 * @param atNanos when it was picked for, on the pool's clock
 * @param model the model asked for; null when there was none
 * @param priority the request's priority
 * @param promptTokens estimated tokens of the prompt
 * @param candidates how many endpoints the pool had
 * @param narrowed what became of them before the profiles ran
 * @param stages the profiles that ran, in order
 * @param endpoint the endpoint picked; null when the request was refused
 * @param runnerUp the next best one; null when there was none
 * @param refusal why the request was refused; null when it was not
 */
public record Explanation(
        String requestId,
        long atNanos,
        @Nullable String model,
        int priority,
        long promptTokens,
        int candidates,
        List<Removal> narrowed,
        List<Stage> stages,
        @Nullable String endpoint,
        @Nullable String runnerUp,
        PickResult.@Nullable Refused refusal) {

    public Explanation {
        narrowed = List.copyOf(narrowed);
        stages = List.copyOf(stages);
    }

    /**
     * What one filter did.
     *
     * @param filter the filter's name
     * @param removed names of the endpoints that it removed
     * @param left how many it left
     */
    public record Removal(String filter, List<String> removed, int left) {

        public Removal {
            removed = List.copyOf(removed);
        }
    }

    /**
     * What one profile did.
     *
     * @param profile the profile's name
     * @param filters what its filters did
     * @param scorers its scorers
     * @param rows the candidates that were scored, best first
     * @param endpoint the endpoint that it chose; null when its filters left none
     */
    public record Stage(
            String profile,
            List<Removal> filters,
            List<Weight> scorers,
            List<Row> rows,
            @Nullable String endpoint) {

        public Stage {
            filters = List.copyOf(filters);
            scorers = List.copyOf(scorers);
            rows = List.copyOf(rows);
        }
    }

    /**
     * A scorer of a profile.
     *
     * @param scorer the scorer's name
     * @param weight what its scores are multiplied with
     */
    public record Weight(String scorer, double weight) {}

    /**
     * One candidate.
     *
     * @param endpoint its name
     * @param address its address and port
     * @param scores what each scorer said, 0..1, in the order of the scorers
     * @param total sum of the scores, each times its weight
     * @param avoided whether it comes after all that are not, because it could not be reached
     */
    public record Row(
            String endpoint, String address, List<Double> scores, double total, boolean avoided) {

        public Row {
            scores = List.copyOf(scores);
        }
    }
}

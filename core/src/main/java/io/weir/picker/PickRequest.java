package io.weir.picker;

import io.weir.picker.prefix.TokenChain;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.ObjDoubleConsumer;
import java.util.function.Predicate;

/**
 * What the picker wants to know of a request.
 *
 * @param model the model that the server will be asked for, after rewrites; null when there is none
 * @param modelIsRewritten whether a rewrite chose the model, so that only servers which carry it
 *     are right
 * @param prompt the prompt's bytes in order, as views of the body; positions and limits delimit
 *     them, the picker does not change them nor keep them after {@code pick} returns, or after the
 *     {@link Ticket} of a request that waits has ended
 * @param promptTokens estimated prompt tokens
 * @param maxTokens limit of the answer in tokens; -1 when unknown
 * @param priority higher is more important; negative is sheddable
 * @param fairnessId whose request it is, {@code default-flow} when nobody says
 * @param objective name of the InferenceObjective; null when there is none
 * @param subset endpoints to choose from, as a proxy before us said; null for all of the pool
 * @param details what only some plugins ask for
 * @param scored is told, during the pick, of each candidate's weighted score in the profile that
 *     chooses the endpoint; null when nobody asks
 */
public record PickRequest(
        @Nullable String model,
        boolean modelIsRewritten,
        List<ByteBuffer> prompt,
        long promptTokens,
        long maxTokens,
        int priority,
        String fairnessId,
        @Nullable String objective,
        @Nullable Predicate<Endpoint> subset,
        RequestDetails details,
        @Nullable ObjDoubleConsumer<Endpoint> scored) {

    /** Whose request it is when nobody says. */
    public static final String DEFAULT_FAIRNESS_ID = "default-flow";

    /** A request that any endpoint of the pool may serve, and of which no more is known. */
    public PickRequest(
            @Nullable String model,
            boolean modelIsRewritten,
            List<ByteBuffer> prompt,
            long promptTokens,
            long maxTokens,
            int priority,
            String fairnessId,
            @Nullable String objective) {
        this(
                model,
                modelIsRewritten,
                prompt,
                promptTokens,
                maxTokens,
                priority,
                fairnessId,
                objective,
                null,
                RequestDetails.NONE,
                null);
    }

    /** Returns the same request as that of somebody else. */
    public PickRequest withFairnessId(String id) {
        return with(id, details);
    }

    /** Returns the request with the prompt's tokens. */
    public PickRequest withTokens(@Nullable TokenChain tokens) {
        return with(fairnessId, details.withTokens(tokens));
    }

    private PickRequest with(String otherFairnessId, RequestDetails otherDetails) {
        return new PickRequest(
                model,
                modelIsRewritten,
                prompt,
                promptTokens,
                maxTokens,
                priority,
                otherFairnessId,
                objective,
                subset,
                otherDetails,
                scored);
    }

    /** Returns a builder of a request for a model, with nothing else known. */
    public static Builder forModel(@Nullable String model) {
        return new Builder(model);
    }

    /** Builds a request step by step. */
    public static final class Builder {

        private final @Nullable String model;
        private boolean modelIsRewritten;
        private List<ByteBuffer> prompt = List.of();
        private long promptTokens;
        private long maxTokens = -1;
        private int priority;
        private String fairnessId = DEFAULT_FAIRNESS_ID;
        private @Nullable String objective;
        private @Nullable Predicate<Endpoint> subset;
        private RequestDetails details = RequestDetails.NONE;
        private @Nullable ObjDoubleConsumer<Endpoint> scored;

        private Builder(@Nullable String model) {
            this.model = model;
        }

        /** Says whether a rewrite chose the model. */
        public Builder modelIsRewritten(boolean rewritten) {
            modelIsRewritten = rewritten;
            return this;
        }

        /** Says what the prompt is and how many tokens it has. */
        public Builder prompt(List<ByteBuffer> ranges, long tokens) {
            prompt = ranges;
            promptTokens = tokens;
            return this;
        }

        /** Limits the answer, in tokens; -1 when unknown. */
        public Builder maxTokens(long most) {
            maxTokens = most;
            return this;
        }

        /** Says how important the request is. */
        public Builder priority(int level) {
            priority = level;
            return this;
        }

        /** Says whose request it is; null when nobody does. */
        public Builder fairnessId(@Nullable String id) {
            fairnessId = id == null ? DEFAULT_FAIRNESS_ID : id;
            return this;
        }

        /** Names the InferenceObjective; null when there is none. */
        public Builder objective(@Nullable String name) {
            objective = name;
            return this;
        }

        /** Limits the endpoints; null for all of the pool. */
        public Builder subset(@Nullable Predicate<Endpoint> endpoints) {
            subset = endpoints;
            return this;
        }

        /** Says what only some plugins ask for. */
        public Builder details(RequestDetails known) {
            details = known;
            return this;
        }

        /** Asks for the candidates' scores; null when nobody wants them. */
        public Builder scored(@Nullable ObjDoubleConsumer<Endpoint> told) {
            scored = told;
            return this;
        }

        /** Returns the request. */
        public PickRequest build() {
            return new PickRequest(
                    model,
                    modelIsRewritten,
                    prompt,
                    promptTokens,
                    maxTokens,
                    priority,
                    fairnessId,
                    objective,
                    subset,
                    details,
                    scored);
        }
    }
}

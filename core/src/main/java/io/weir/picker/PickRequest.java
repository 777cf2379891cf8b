package io.weir.picker;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Predicate;

/**
 * What the picker wants to know of a request.
 *
 * @param model the model that the server will be asked for, after rewrites; null when there is none
 * @param modelIsRewritten whether a rewrite chose the model, so that only servers which carry it
 *     are right
 * @param prompt the prompt's bytes in order, as views of the body; positions and limits delimit
 *     them, the picker does not change them nor keep them after {@code pick} returns
 * @param promptTokens estimated prompt tokens
 * @param maxTokens limit of the answer in tokens; -1 when unknown
 * @param priority higher is more important; negative is sheddable
 * @param fairnessId whose request it is, {@code default-flow} when nobody says
 * @param objective name of the InferenceObjective; null when there is none
 * @param subset endpoints to choose from, as a proxy before us said; null for all of the pool
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
        @Nullable Predicate<Endpoint> subset) {

    /** A request that any endpoint of the pool may serve. */
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
                null);
    }
}

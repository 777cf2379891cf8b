package io.weir.simulator.wire;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * What a client wants generated.
 *
 * @param model model name; null when the client named none
 * @param prompts one or more prompts
 * @param maxTokens limit of each answer; -1 when the client set none
 * @param minTokens least length of each answer
 * @param choices answers to each prompt
 * @param ignoreEos whether an answer goes on to its limit
 * @param stops strings at which an answer ends
 * @param seed seed of the choice of words; null when the client set none
 * @param cacheSalt keeps blocks apart from those of other salts
 * @param stream whether the answer is streamed
 * @param includeUsage whether a stream ends with the counts of tokens
 * @param continuousUsage whether every frame has them
 */
public record GenerationRequest(
        @Nullable String model,
        List<Prompt> prompts,
        int maxTokens,
        int minTokens,
        int choices,
        boolean ignoreEos,
        List<String> stops,
        @Nullable Long seed,
        String cacheSalt,
        boolean stream,
        boolean includeUsage,
        boolean continuousUsage) {

    public GenerationRequest {
        prompts = List.copyOf(prompts);
        stops = List.copyOf(stops);
    }
}

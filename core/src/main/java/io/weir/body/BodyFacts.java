package io.weir.body;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * What the gateway must know of a JSON request body. The body itself stays as it is; all ranges
 * count from its first byte.
 *
 * <p>A member of a wrong type ({@code "stream": "yes"}, {@code "max_tokens": 1.5}) reads as absent:
 * the model server knows best what to answer to it, and may take {@code "stream": 1} for true. Only
 * {@code model} must be a string or null, because routing depends on it.
 *
 * @param model decoded value of the top-level {@code model}; null when it is absent, {@code null}
 *     or empty, which model servers treat alike
 * @param modelRange the value of {@code model} as written, with its quotes (or the {@code null});
 *     empty when the key is absent
 * @param insertAt empty range right after the top-level <code>{</code>, where a member may be
 *     inserted
 * @param emptyObject whether the object has no member, so that an inserted one needs no comma
 * @param stream whether {@code stream} is true
 * @param includeUsage whether {@code stream_options.include_usage} is true
 * @param maxTokens limit of the answer in tokens: {@code max_completion_tokens}, else {@code
 *     max_tokens}, else {@code max_output_tokens}; -1 when none is a whole number of 0 or more;
 *     larger values than 2^31-1 read as that
 * @param promptRanges the text of the prompt in document order: the inside of each string (escapes
 *     as written) and of each array of token numbers, under {@code messages}, {@code prompt},
 *     {@code input}, {@code instructions} and {@code system}; never base64 media, ids or roles; at
 *     most {@link BodyLimits#maxPromptRanges}
 * @param promptTokensEstimate tokens of the prompt, estimated as {@link BodyScanner} says
 * @param user top-level {@code user}, cut at 1024 bytes; null when absent
 * @param cacheSalt top-level {@code cache_salt}, cut at 1024 bytes; null when absent
 * @param bodyBytes length of the body
 */
public record BodyFacts(
        @Nullable String model,
        ByteRange modelRange,
        ByteRange insertAt,
        boolean emptyObject,
        boolean stream,
        boolean includeUsage,
        long maxTokens,
        List<ByteRange> promptRanges,
        long promptTokensEstimate,
        @Nullable String user,
        @Nullable String cacheSalt,
        long bodyBytes) {}

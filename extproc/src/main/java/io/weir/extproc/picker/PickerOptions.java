package io.weir.extproc.picker;

import java.time.Duration;

/**
 * How requests are served.
 *
 * @param bodyLimitBytes largest request body; more is answered with 413
 * @param fallbacks most endpoints in the ordered list that the proxy is given
 * @param ignoreSubset whether the proxy's subset hint is ignored
 * @param openAiErrors whether refusals are OpenAI-style JSON rather than one line of text
 * @param responseBodies which response bodies the proxy has to send
 * @param idleTimeout how long nothing may come of a body that is not complete
 * @param attributes what the proxy is told of answers' usage
 * @param emitScores whether the proxy is told the score of every candidate
 * @param verifiesServed whether clients are told which endpoint the proxy says it served
 */
public record PickerOptions(
        long bodyLimitBytes,
        int fallbacks,
        boolean ignoreSubset,
        boolean openAiErrors,
        ResponseBodies responseBodies,
        Duration idleTimeout,
        UsageAttributes attributes,
        boolean emitScores,
        boolean verifiesServed) {

    /**
     * 64 MiB, one endpoint, subsets honoured, errors as text as in the reference; bodies where they
     * are needed, five minutes, no scores, nothing of what was served.
     */
    public static final PickerOptions DEFAULTS =
            new PickerOptions(
                    64L << 20,
                    1,
                    false,
                    false,
                    ResponseBodies.NEEDED,
                    Duration.ofMinutes(5),
                    UsageAttributes.NONE,
                    false,
                    false);

    public PickerOptions {
        if (bodyLimitBytes < 1) {
            throw new IllegalArgumentException(
                    "bodyLimitBytes: " + bodyLimitBytes + " (expected: >= 1)");
        }
        if (fallbacks < 1) {
            throw new IllegalArgumentException("fallbacks: " + fallbacks + " (expected: >= 1)");
        }
    }
}

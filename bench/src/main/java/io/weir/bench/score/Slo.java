package io.weir.bench.score;

import java.util.Locale;

/**
 * What a client expects.
 *
 * @param firstMillis limit of the time to the first token
 * @param firstMicrosPerPromptToken how much is added to that limit for each token of the prompt
 * @param perTokenMillis limit of the mean time between further tokens
 */
record Slo(double firstMillis, double firstMicrosPerPromptToken, double perTokenMillis) {

    static final Slo INTERACTIVE = new Slo(500, 0, 30);
    static final Slo PATIENT = new Slo(2000, 0, 100);
    static final Slo LONG_PROMPTS = new Slo(2000, 200, 100);

    boolean isMet(int promptTokens, double ttftMillis, double tpotMillis) {
        return ttftMillis <= firstMillis + firstMicrosPerPromptToken * promptTokens / 1000
                && tpotMillis <= perTokenMillis;
    }

    @Override
    public String toString() {
        String perToken =
                firstMicrosPerPromptToken == 0
                        ? ""
                        : String.format(
                                Locale.ROOT, " + %.1f ms/token", firstMicrosPerPromptToken / 1000);
        return String.format(
                Locale.ROOT,
                "TTFT %.1f s%s, TPOT %.0f ms",
                firstMillis / 1000,
                perToken,
                perTokenMillis);
    }
}

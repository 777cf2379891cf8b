package io.weir.simulator;

import io.weir.simulator.text.BlockHasher;
import io.weir.simulator.wire.Prompt;
import io.weir.simulator.wire.RequestException;

/**
 * How much a model can read and write at a time.
 *
 * @param maxTokens prompt and answer together
 * @param refuses whether longer requests are refused; otherwise their prompts are cut, so that
 *     somebody who tries large bodies need not think of it
 */
record ContextWindow(int maxTokens, boolean refuses) {

    private static final int ROOM_FOR_ANSWERS = 1_024;

    /**
     * How a prompt fits.
     *
     * @param promptTokens tokens that the model reads
     * @param answerTokens tokens that the answer may have by the client's wish and by the window
     * @param roomTokens tokens that the answer may have by the window alone
     */
    record Fit(int promptTokens, int answerTokens, int roomTokens) {}

    /**
     * Feeds a prompt to a hasher as far as it fits.
     *
     * @param wantedTokens the client's limit of the answer, -1 for none
     */
    Fit fit(Prompt prompt, BlockHasher hasher, int wantedTokens) throws RequestException {
        int reserve = wantedTokens < 0 ? ROOM_FOR_ANSWERS : wantedTokens;
        int limit = refuses ? Integer.MAX_VALUE : maxTokens - Math.clamp(reserve, 1, maxTokens / 2);
        prompt.encode(token -> {
            if (hasher.tokens() < limit) {
                hasher.accept(token);
            }
        });
        int promptTokens = hasher.tokens();
        if (promptTokens == 0) {
            throw RequestException.invalid("The prompt must not be empty.", "prompt");
        }
        int room = maxTokens - promptTokens;
        if (refuses && room < Math.max(1, wantedTokens)) {
            throw tooLong(promptTokens, Math.max(1, wantedTokens));
        }
        return new Fit(promptTokens, wantedTokens < 0 ? room : Math.min(wantedTokens, room), room);
    }

    private RequestException tooLong(int promptTokens, int answerTokens) {
        long total = (long) promptTokens + answerTokens;
        return RequestException.invalid(
                "This model's maximum context length is "
                        + maxTokens
                        + " tokens. However, you requested "
                        + total
                        + " tokens ("
                        + promptTokens
                        + " in the prompt, "
                        + answerTokens
                        + " in the completion). Please reduce the length of the prompt or"
                        + " completion.",
                "max_tokens");
    }
}

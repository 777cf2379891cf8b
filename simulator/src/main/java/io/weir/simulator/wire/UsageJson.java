package io.weir.simulator.wire;

import io.weir.simulator.http.Bytes;

/** The {@code usage} object of the OpenAI APIs. */
final class UsageJson {

    private static final byte[] PROMPT = Json.utf8("{\"prompt_tokens\":");
    private static final byte[] TOTAL = Json.utf8(",\"total_tokens\":");
    private static final byte[] COMPLETION = Json.utf8(",\"completion_tokens\":");
    private static final byte[] CACHED =
            Json.utf8(",\"prompt_tokens_details\":{\"cached_tokens\":");
    private static final byte[] END = Json.utf8("}}");

    private UsageJson() {}

    static void write(Bytes out, Completion completion, int generatedTokens) {
        int prompt = completion.promptTokens();
        out.writeBytes(PROMPT);
        out.writeDecimal(prompt);
        out.writeBytes(TOTAL);
        out.writeDecimal(prompt + generatedTokens);
        out.writeBytes(COMPLETION);
        out.writeDecimal(generatedTokens);
        out.writeBytes(CACHED);
        out.writeDecimal(completion.cachedTokens());
        out.writeBytes(END);
    }
}

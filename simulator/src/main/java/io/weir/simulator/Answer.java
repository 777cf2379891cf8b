package io.weir.simulator;

/**
 * Renders one answer: whole, or chunk by chunk.
 *
 * <p>The parts that are the same in every chunk are rendered once.
 */
final class Answer {

    private final CompletionRequest request;
    private final AnswerText text;
    private final String id;
    private final String head;
    private final int offset;

    Answer(CompletionRequest request, AnswerText text, String requestId, long createdSeconds) {
        this.request = request;
        this.text = text;
        this.offset = requestId.hashCode() & 0xffff;
        this.id = (request.chat() ? "chatcmpl-" : "cmpl-") + requestId;
        String object = request.chat() ? "chat.completion" : "text_completion";
        String chunked = request.stream() && request.chat() ? ".chunk" : "";
        this.head =
                "{\"id\":%s,\"object\":\"%s\",\"created\":%d,\"model\":%s,"
                        .formatted(
                                Json.quoted(id),
                                object + chunked,
                                createdSeconds,
                                Json.quoted(request.model()));
    }

    String token(int index) {
        return text.token(index, offset);
    }

    String text(int tokens) {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < tokens; i++) {
            all.append(token(i));
        }
        return all.toString();
    }

    /** Returns the body of an answer that is not streamed. */
    String whole(String content, int tokens, int cachedTokens) {
        StringBuilder body = new StringBuilder(content.length() + 700).append(head);
        body.append("\"choices\":[");
        for (int choice = 0; choice < request.choices(); choice++) {
            body.append(choice == 0 ? "" : ",").append("{\"index\":").append(choice);
            if (request.chat()) {
                body.append(",\"message\":{\"role\":\"assistant\",\"content\":")
                        .append(Json.quoted(content))
                        .append(",\"refusal\":null,\"tool_calls\":[],\"reasoning\":null}");
            } else {
                body.append(",\"text\":").append(Json.quoted(content));
            }
            body.append(",\"logprobs\":null,\"finish_reason\":\"")
                    .append(request.stopReason(tokens))
                    .append("\",\"stop_reason\":null}");
        }
        return body.append("],\"usage\":")
                .append(usage(tokens * request.choices(), cachedTokens))
                .append('}')
                .toString();
    }

    /** Returns the first chunk of a chat stream. */
    String roleChunk() {
        return frame(
                "\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},"
                        + "\"logprobs\":null,\"finish_reason\":null}]");
    }

    /** Returns the chunk of some text; the last one says why the answer ends. */
    String chunk(String content, boolean last, int tokens) {
        String reason = last ? "\"" + request.stopReason(tokens) + "\"" : "null";
        String value =
                request.chat()
                        ? "\"delta\":{\"content\":" + Json.quoted(content) + "}"
                        : "\"text\":" + Json.quoted(content);
        return frame(
                "\"choices\":[{\"index\":0,"
                        + value
                        + ",\"logprobs\":null,\"finish_reason\":"
                        + reason
                        + "}]");
    }

    /** Returns the chunk that ends a stream with usage. */
    String usageChunk(int tokens, int cachedTokens) {
        return frame("\"choices\":[],\"usage\":" + usage(tokens, cachedTokens));
    }

    private String frame(String rest) {
        return "data: " + head + rest + "}\n\n";
    }

    private String usage(int tokens, int cachedTokens) {
        int prompt = request.promptTokens().length;
        return "{\"prompt_tokens\":%d,\"total_tokens\":%d,\"completion_tokens\":%d,\"prompt_tokens_details\":{\"cached_tokens\":%d}}"
                .formatted(prompt, prompt + tokens, tokens, cachedTokens);
    }
}

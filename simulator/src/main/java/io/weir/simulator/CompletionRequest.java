package io.weir.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;

/**
 * A chat completion or completion request, as far as the simulator cares.
 *
 * @param api which API it came by
 * @param model the model asked for
 * @param prompt the text of the prompt
 * @param promptTokens the tokens of the prompt
 * @param echo what an echoing server answers
 * @param maxTokens limit of the answer; -1 for none
 * @param ignoreEos whether the answer has exactly {@code maxTokens} tokens
 * @param stream whether the answer is streamed
 * @param includeUsage whether a stream ends with usage
 * @param choices how many answers
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record CompletionRequest(
        Api api,
        String model,
        String prompt,
        int[] promptTokens,
        String echo,
        int maxTokens,
        boolean ignoreEos,
        boolean stream,
        boolean includeUsage,
        int choices) {

    private static final int COMPLETION_DEFAULT_TOKENS = 16;
    private static final int MOST_CHOICES = 128;

    enum Api {
        CHAT,
        COMPLETION
    }

    static CompletionRequest of(Api api, ObjectNode body) throws HttpError {
        String model = body.path("model").asText("");
        boolean stream = body.path("stream").asBoolean(false);
        if (!stream && body.path("stream_options").isObject()) {
            throw HttpError.badRequest(
                    "stream_options may only be set when stream is true", "stream_options");
        }
        int choices = body.path("n").asInt(1);
        if (choices < 1 || choices > MOST_CHOICES) {
            throw HttpError.badRequest("n: " + choices + " (expected: 1..128)", "n");
        }
        String prompt = prompt(api, body);
        return new CompletionRequest(
                api,
                model,
                prompt,
                promptTokens(api, body, prompt),
                echo(api, body, prompt),
                maxTokens(api, body),
                body.path("ignore_eos").asBoolean(false),
                stream,
                body.path("stream_options").path("include_usage").asBoolean(false),
                choices);
    }

    private static String prompt(Api api, ObjectNode body) throws HttpError {
        return switch (api) {
            case CHAT -> messages(body, "messages");
            case COMPLETION -> text(required(body, "prompt"));
        };
    }

    private static JsonNode required(ObjectNode body, String field) throws HttpError {
        JsonNode value = body.path(field);
        if (value.isMissingNode() || value.isNull()) {
            throw HttpError.badRequest("Field required: " + field, field);
        }
        return value;
    }

    private static String messages(ObjectNode body, String field) throws HttpError {
        JsonNode messages = required(body, field);
        if (!messages.isArray() || messages.isEmpty()) {
            throw HttpError.badRequest(field + " must be a list of at least one message", field);
        }
        StringBuilder text = new StringBuilder();
        for (JsonNode message : messages) {
            text.append("<|").append(message.path("role").asText("")).append("|>");
            text.append(text(message.path("content"))).append('\n');
        }
        return text.toString();
    }

    /** Text of a string, a list of parts, or anything else that holds text. */
    private static String text(JsonNode node) {
        if (node.isTextual()) {
            return node.asText();
        }
        StringBuilder text = new StringBuilder();
        if (node.isArray()) {
            node.forEach(part -> text.append(text(part)));
        } else if (node.isObject()) {
            text.append(text(node.path("text"))).append(text(node.path("content")));
        }
        return text.toString();
    }

    /** A completion prompt may be given as token numbers. */
    private static int[] promptTokens(Api api, ObjectNode body, String prompt) {
        JsonNode node = body.path("prompt");
        if (api == Api.COMPLETION
                && node.isArray()
                && !node.isEmpty()
                && !node.get(0).isTextual()) {
            List<Integer> tokens = new ArrayList<>();
            collect(node, tokens);
            return atLeastOne(tokens.stream().mapToInt(Integer::intValue).toArray());
        }
        return atLeastOne(Tokenizer.tokens(prompt));
    }

    private static void collect(JsonNode node, List<Integer> tokens) {
        if (node.isArray()) {
            node.forEach(child -> collect(child, tokens));
        } else {
            tokens.add(node.asInt());
        }
    }

    private static int[] atLeastOne(int[] tokens) {
        return tokens.length == 0 ? new int[] {0} : tokens;
    }

    private static String echo(Api api, ObjectNode body, String prompt) {
        if (api == Api.COMPLETION) {
            return prompt;
        }
        JsonNode messages = body.path("messages");
        for (int i = messages.size() - 1; i >= 0; i--) {
            if (messages.get(i).path("role").asText("").equals("user")) {
                return text(messages.get(i).path("content"));
            }
        }
        return prompt;
    }

    private static int maxTokens(Api api, ObjectNode body) throws HttpError {
        JsonNode value = body.path("max_completion_tokens");
        String field = "max_completion_tokens";
        if (value.isMissingNode() || value.isNull()) {
            field = "max_tokens";
            value = body.path(field);
        }
        if (value.isMissingNode() || value.isNull()) {
            return api == Api.COMPLETION ? COMPLETION_DEFAULT_TOKENS : -1;
        }
        if (!value.canConvertToInt() || value.asInt() < 1) {
            throw HttpError.badRequest(
                    field + " must be at least 1, got " + value.asText() + ".", field);
        }
        return value.asInt();
    }

    boolean chat() {
        return api == Api.CHAT;
    }

    String stopReason(int tokens) {
        return maxTokens > 0 && tokens >= maxTokens ? "length" : "stop";
    }
}

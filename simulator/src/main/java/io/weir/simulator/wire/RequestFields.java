package io.weir.simulator.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;

import io.weir.simulator.wire.RequestReader.Api;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The fields of one request while it is read; those that make no difference here are skipped. */
final class RequestFields {

    private static final int MAX_CHOICES = 128;
    private static final int DEFAULT_COMPLETION_TOKENS = 16;

    private final Api api;
    private final List<Prompt.Message> messages = new ArrayList<>();
    private List<Prompt> prompts = List.of();
    private List<String> stops = List.of();
    private @Nullable String model;
    private @Nullable Long seed;
    private String cacheSalt = "";
    private int maxTokens = -1;
    private int maxCompletionTokens = -1;
    private int minTokens;
    private int choices = 1;
    private boolean ignoreEos;
    private boolean stream;
    private boolean streamOptions;
    private boolean includeUsage;
    private boolean continuousUsage;

    RequestFields(Api api) {
        this.api = api;
    }

    void read(String name, JsonParser value) throws IOException, RequestException {
        if (value.currentToken() == JsonToken.VALUE_NULL) {
            return;
        }
        switch (name) {
            case "model" -> model = Values.string(name, value);
            case "messages" -> messages.addAll(Messages.list(name, value));
            case "prompt" -> prompts = Prompts.read(name, value);
            case "input" -> input(name, value);
            case "system", "instructions" -> messages.addFirst(Messages.system(name, value));
            case "max_tokens" -> maxTokens = Values.count(name, value, 1);
            case "max_completion_tokens", "max_output_tokens" ->
                    maxCompletionTokens = Values.count(name, value, 1);
            case "min_tokens" -> minTokens = Values.count(name, value, 0);
            case "n" -> choices = Values.count(name, value, 1);
            case "ignore_eos" -> ignoreEos = Values.bool(name, value);
            case "stop", "stop_sequences" -> stops = Values.strings(name, value);
            case "seed" -> seed = Values.number(name, value);
            case "cache_salt" -> cacheSalt = Values.string(name, value);
            case "stream" -> stream = Values.bool(name, value);
            case "stream_options" -> streamOptions(value);
            default -> value.skipChildren();
        }
    }

    private void streamOptions(JsonParser value) throws IOException, RequestException {
        streamOptions = true;
        Values.require(
                value.currentToken() == JsonToken.START_OBJECT, "stream_options", "an object");
        while (value.nextToken() == JsonToken.FIELD_NAME) {
            String name = value.currentName();
            value.nextToken();
            switch (name) {
                case "include_usage" -> includeUsage = Values.bool(name, value);
                case "continuous_usage_stats" -> continuousUsage = Values.bool(name, value);
                default -> value.skipChildren();
            }
        }
    }

    GenerationRequest request() throws RequestException {
        if (streamOptions && !stream) {
            throw RequestException.invalid(
                    "Stream options can only be defined when `stream=True`.", "stream_options");
        }
        if (choices > MAX_CHOICES) {
            throw RequestException.invalid("n must be at most " + MAX_CHOICES + ".", "n");
        }
        boolean oneChoice = api == Api.RESPONSES || api == Api.MESSAGES;
        return new GenerationRequest(
                model,
                prompts(),
                limit(),
                minTokens,
                oneChoice ? 1 : choices,
                ignoreEos,
                stops,
                seed,
                cacheSalt,
                stream,
                includeUsage,
                continuousUsage);
    }

    private int limit() {
        if (maxCompletionTokens > 0) {
            return maxCompletionTokens;
        }
        return maxTokens < 0 && api == Api.COMPLETIONS ? DEFAULT_COMPLETION_TOKENS : maxTokens;
    }

    private List<Prompt> prompts() throws RequestException {
        return switch (api) {
            case COMPLETIONS -> {
                if (prompts.isEmpty()) {
                    throw RequestException.invalid("`prompt` is required.", "prompt");
                }
                yield prompts;
            }
            case CHAT, MESSAGES -> conversation("messages");
            case RESPONSES -> conversation("input");
            case EMBEDDINGS -> inputs();
        };
    }

    private void input(String name, JsonParser value) throws IOException, RequestException {
        if (api == Api.EMBEDDINGS) {
            prompts = Prompts.read(name, value);
        } else {
            messages.addAll(Messages.textOrList(name, value));
        }
    }

    /** Returns the texts to embed. */
    List<Prompt> inputs() throws RequestException {
        if (prompts.isEmpty()) {
            throw RequestException.invalid("`input` is required.", "input");
        }
        return prompts;
    }

    /** Returns the conversation, or the first prompt if there is none. */
    Prompt anyPrompt() throws RequestException {
        return messages.isEmpty() && !prompts.isEmpty()
                ? prompts.getFirst()
                : conversation("messages").getFirst();
    }

    private List<Prompt> conversation(String param) throws RequestException {
        if (messages.isEmpty()) {
            throw RequestException.invalid("`" + param + "` must not be empty.", param);
        }
        return List.of(new Prompt.Chat(messages));
    }
}

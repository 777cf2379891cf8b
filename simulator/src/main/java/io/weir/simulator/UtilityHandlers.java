package io.weir.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;

/** Answers everything but completions. */
final class UtilityHandlers {

    private static final int EMBEDDING_DIMENSIONS = 384;
    private static final int MOST_DIMENSIONS = 65_536;

    private final SimulatorConfig config;
    private final Models models;
    private final @Nullable EngineRunner runner;
    private final Json json;

    UtilityHandlers(
            SimulatorConfig config, Models models, @Nullable EngineRunner runner, Json json) {
        this.config = config;
        this.models = models;
        this.runner = runner;
        this.json = json;
    }

    void models(Exchange exchange) throws IOException {
        exchange.json(models.list(json));
    }

    void ok(Exchange exchange) throws IOException {
        exchange.answer(200, "text/plain", new byte[0]);
    }

    void version(Exchange exchange) throws IOException {
        exchange.json(json.bytes(json.newObject().put("version", "0.0.0-weir-simulator")));
    }

    void tokenize(Exchange exchange) throws IOException, HttpError {
        ObjectNode body = json.object(exchange.body(config.maxBodyBytes()));
        StringBuilder text = new StringBuilder(body.path("prompt").asText(""));
        body.path("messages").forEach(m -> text.append(m.path("content").asText("")));
        int[] tokens = Tokenizer.tokens(text);
        ObjectNode answer =
                json.newObject()
                        .put("count", tokens.length)
                        .put("max_model_len", config.maxModelTokens());
        var list = answer.putArray("tokens");
        for (int token : tokens) {
            list.add(token);
        }
        answer.putNull("token_strs");
        exchange.json(json.bytes(answer));
    }

    void embeddings(Exchange exchange) throws IOException, HttpError {
        ObjectNode body = json.object(exchange.body(config.maxBodyBytes()));
        String model = body.path("model").asText("");
        models.adapterFor(model);
        List<String> inputs = inputs(body.path("input"));
        if (inputs.isEmpty()) {
            throw HttpError.badRequest("Field required: input", "input");
        }
        int dimensions = body.path("dimensions").asInt(EMBEDDING_DIMENSIONS);
        if (dimensions < 1 || dimensions > MOST_DIMENSIONS) {
            throw HttpError.badRequest("dimensions: " + dimensions, "dimensions");
        }
        boolean base64 = body.path("encoding_format").asText("").equals("base64");
        exchange.json(json.bytes(embeddings(model, inputs, dimensions, base64)));
    }

    private ObjectNode embeddings(
            String model, List<String> inputs, int dimensions, boolean base64) {
        ObjectNode answer = json.newObject().put("object", "list").put("model", model);
        var data = answer.putArray("data");
        int tokens = 0;
        for (int i = 0; i < inputs.size(); i++) {
            tokens += Tokenizer.tokens(inputs.get(i)).length;
            ObjectNode item = data.addObject().put("index", i).put("object", "embedding");
            float[] vector = vector(inputs.get(i), dimensions);
            if (base64) {
                item.put("embedding", base64(vector));
            } else {
                var list = item.putArray("embedding");
                for (float value : vector) {
                    list.add(value);
                }
            }
        }
        answer.putObject("usage").put("prompt_tokens", tokens).put("total_tokens", tokens);
        return answer;
    }

    private static List<String> inputs(JsonNode input) {
        List<String> inputs = new ArrayList<>();
        if (input.isTextual()) {
            inputs.add(input.asText());
        } else if (input.isArray() && !input.isEmpty() && input.get(0).isInt()) {
            inputs.add(input.toString());
        } else {
            input.forEach(node -> inputs.add(node.isTextual() ? node.asText() : node.toString()));
        }
        return inputs;
    }

    /** The same text always has the same vector. */
    private static float[] vector(String text, int dimensions) {
        var random = new SplittableRandom(text.hashCode());
        float[] vector = new float[dimensions];
        for (int i = 0; i < dimensions; i++) {
            vector[i] = (float) (random.nextGaussian() / Math.sqrt(dimensions));
        }
        return vector;
    }

    private static String base64(float[] vector) {
        ByteBuffer bytes =
                ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : vector) {
            bytes.putFloat(value);
        }
        return Base64.getEncoder().encodeToString(bytes.array());
    }

    void loadAdapter(Exchange exchange) throws IOException, HttpError {
        ObjectNode body = json.object(exchange.body(1 << 20));
        String name = required(body, "lora_name");
        String path = required(body, "lora_path");
        if (models.isAdapter(name) && !body.path("load_inplace").asBoolean(false)) {
            throw HttpError.badRequest(
                    "The lora adapter '" + name + "' has already been loaded.", null);
        }
        models.load(new SimulatorConfig.Adapter(name, path));
        exchange.answer(
                200, "text/plain", Json.utf8("Success: LoRA adapter '" + name + "' added."));
    }

    void unloadAdapter(Exchange exchange) throws IOException, HttpError {
        String name = required(json.object(exchange.body(1 << 20)), "lora_name");
        if (!models.unload(name)) {
            throw new HttpError(404, "The lora adapter '" + name + "' cannot be found.", null);
        }
        if (runner != null) {
            runner.unloadAdapter(name);
        }
        exchange.answer(
                200, "text/plain", Json.utf8("Success: LoRA adapter '" + name + "' removed."));
    }

    private static String required(ObjectNode body, String field) throws HttpError {
        String value = body.path(field).asText("");
        if (value.isEmpty()) {
            throw HttpError.badRequest("'" + field + "' must be provided.", field);
        }
        return value;
    }
}

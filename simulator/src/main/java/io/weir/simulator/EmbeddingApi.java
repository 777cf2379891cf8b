package io.weir.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.simulator.http.Exchange;
import io.weir.simulator.http.HttpRequest;
import io.weir.simulator.text.BlockHasher;
import io.weir.simulator.wire.Prompt;
import io.weir.simulator.wire.RequestException;
import io.weir.simulator.wire.RequestReader;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;

/** {@code /v1/embeddings}: vectors of length 1 that are the same for the same text and model. */
final class EmbeddingApi {

    private static final int MAX_DIMENSIONS = 65_536;

    private final SimulatorConfig config;
    private final Models models;
    private final RequestReader reader = new RequestReader();

    EmbeddingApi(SimulatorConfig config, Models models) {
        this.config = config;
        this.models = models;
    }

    void handle(HttpRequest request, Exchange exchange) throws RequestException {
        ObjectNode body = Replies.tree(request);
        String model = body.path("model").asText(models.first());
        if (!models.serves(model)) {
            throw RequestException.noModel(model);
        }
        int dimensions = body.path("dimensions").asInt(config.embeddingDimensions());
        if (dimensions < 1 || dimensions > MAX_DIMENSIONS) {
            throw RequestException.invalid(
                    "dimensions: " + dimensions + " (expected: 1..65536)", "dimensions");
        }
        boolean base64 = body.path("encoding_format").asText("").equals("base64");
        List<Prompt> inputs = reader.readInputs(request.body(), request.bodyBytes());
        Replies.json(exchange, answer(model, inputs, dimensions, base64));
    }

    private static ObjectNode answer(
            String model, List<Prompt> inputs, int dimensions, boolean base64) {
        ObjectNode answer = Replies.object();
        long root = BlockHasher.root(model);
        ArrayNode data = answer.putArray("data");
        int tokens = 0;
        for (Prompt input : inputs) {
            BlockHasher hasher = new BlockHasher(root, Integer.MAX_VALUE);
            input.encode(hasher);
            tokens += hasher.tokens();
            float[] vector = vector(hasher.hash(), dimensions);
            ObjectNode item = data.addObject().put("index", data.size() - 1);
            item.put("object", "embedding").set("embedding", json(vector, base64, item));
        }
        answer.put("id", "embd-" + Long.toHexString(root))
                .put("object", "list")
                .put("created", System.currentTimeMillis() / 1000)
                .put("model", model)
                .putObject("usage")
                .put("prompt_tokens", tokens)
                .put("total_tokens", tokens);
        return answer;
    }

    private static JsonNode json(float[] vector, boolean base64, ObjectNode nodes) {
        if (base64) {
            return nodes.textNode(base64(vector));
        }
        ArrayNode list = nodes.arrayNode(vector.length);
        for (float value : vector) {
            list.add(value);
        }
        return list;
    }

    private static float[] vector(long seed, int dimensions) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] values = new double[dimensions];
        double squares = 0;
        for (int i = 0; i < dimensions; i++) {
            values[i] = random.nextGaussian();
            squares += values[i] * values[i];
        }
        float[] vector = new float[dimensions];
        for (int i = 0; i < dimensions; i++) {
            vector[i] = (float) (values[i] / Math.sqrt(squares));
        }
        return vector;
    }

    private static String base64(float[] vector) {
        ByteBuffer bytes =
                ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(vector);
        return Base64.getEncoder().encodeToString(bytes.array());
    }
}

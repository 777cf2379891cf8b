package io.weir.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.weir.simulator.events.KvEventSettings;

import org.jspecify.annotations.Nullable;

/**
 * Where KV-cache events go: vLLM's {@code --kv-events-config}, or the flags of the llm-d inference
 * simulator.
 */
final class KvEventFlags {

    private static final String VLLM_ENDPOINT = "tcp://*:5557";

    private @Nullable String endpoint;
    private @Nullable String replayEndpoint;
    private @Nullable String topic;
    private boolean asMaps;
    private int batchEvents = 16;
    private int replayBatches = 10_000;

    boolean read(Flag flag) {
        switch (flag.name()) {
            case "kv-events-config" -> json(flag);
            case "zmq-endpoint" -> endpoint = flag.text();
            case "kv-events-replay-endpoint" ->
                    replayEndpoint = flag.text().isEmpty() ? null : flag.text();
            case "kv-events-replay-queue-size" -> replayBatches = flag.number(1, 10_000_000);
            case "event-batch-size" -> batchEvents = flag.number(1, 1_000_000);
            case "use-vllm-map-event-format" -> asMaps = flag.isOn();
            default -> {
                return false;
            }
        }
        return true;
    }

    private void json(Flag flag) {
        JsonNode tree;
        try {
            tree = new ObjectMapper().readTree(flag.text());
        } catch (JsonProcessingException e) {
            throw flag.wrong("JSON");
        }
        String publisher = tree.path("publisher").asText("zmq");
        if (!tree.path("enable_kv_cache_events").asBoolean(false) || !publisher.equals("zmq")) {
            endpoint = null;
            return;
        }
        endpoint = tree.path("endpoint").asText(VLLM_ENDPOINT);
        replayEndpoint = text(tree, "replay_endpoint");
        topic = tree.path("topic").asText("");
        replayBatches = tree.path("buffer_steps").asInt(replayBatches);
    }

    private static @Nullable String text(JsonNode tree, String name) {
        JsonNode value = tree.path(name);
        return value.isTextual() && !value.asText().isEmpty() ? value.asText() : null;
    }

    /** Returns what the flags say; null when nothing is to be published. */
    @Nullable KvEventSettings settings() {
        if (endpoint == null) {
            return null;
        }
        try {
            return KvEventSettings.at(endpoint)
                    .withReplay(replayEndpoint)
                    .withTopic(topic)
                    .withMaps(asMaps)
                    .withLimits(batchEvents, replayBatches);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("KV-cache events: " + e.getMessage(), e);
        }
    }
}

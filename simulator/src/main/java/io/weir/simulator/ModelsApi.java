package io.weir.simulator;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.simulator.SimulatorConfig.Adapter;
import io.weir.simulator.http.Exchange;

/** {@code /v1/models}. */
final class ModelsApi {

    private final SimulatorConfig config;
    private final Models models;
    private final long createdSeconds = System.currentTimeMillis() / 1000;

    ModelsApi(SimulatorConfig config, Models models) {
        this.config = config;
        this.models = models;
    }

    void list(Exchange exchange) {
        ObjectNode list = Replies.object().put("object", "list");
        ArrayNode data = list.putArray("data");
        for (String name : config.models()) {
            card(data.addObject(), name, config.root()).putNull("parent");
        }
        for (Adapter adapter : models.adapters()) {
            card(data.addObject(), adapter.name(), adapter.path()).put("parent", models.first());
        }
        Replies.json(exchange, list);
    }

    private ObjectNode card(ObjectNode card, String id, String root) {
        card.put("id", id)
                .put("object", "model")
                .put("created", createdSeconds)
                .put("owned_by", "vllm")
                .put("root", root)
                .put("max_model_len", config.maxModelTokens());
        permission(card.putArray("permission").addObject(), id);
        return card;
    }

    private void permission(ObjectNode permission, String id) {
        permission
                .put("id", "modelperm-" + Integer.toHexString(id.hashCode()))
                .put("object", "model_permission")
                .put("created", createdSeconds)
                .put("allow_create_engine", false)
                .put("allow_sampling", true)
                .put("allow_logprobs", true)
                .put("allow_search_indices", false)
                .put("allow_view", true)
                .put("allow_fine_tuning", false)
                .put("organization", "*")
                .putNull("group")
                .put("is_blocking", false);
    }
}

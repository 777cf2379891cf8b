package io.weir.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.simulator.SimulatorConfig.Adapter;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/** The base model's names and the adapters that are loaded now. Thread-safe. */
final class Models {

    private final SimulatorConfig config;
    private final Map<String, Adapter> adapters = new ConcurrentSkipListMap<>();
    private final long createdSeconds = System.currentTimeMillis() / 1000;

    Models(SimulatorConfig config) {
        this.config = config;
        config.adapters().forEach(this::load);
    }

    void load(Adapter adapter) {
        adapters.put(adapter.name(), adapter);
    }

    boolean unload(String name) {
        return adapters.remove(name) != null;
    }

    boolean isAdapter(String name) {
        return adapters.containsKey(name);
    }

    /** Returns the adapter to use, or null for the base model. */
    @Nullable String adapterFor(String model) throws HttpError {
        if (config.models().contains(model)) {
            return null;
        }
        if (adapters.containsKey(model)) {
            return model;
        }
        throw HttpError.modelNotFound(model);
    }

    byte[] list(Json json) {
        ObjectNode list = json.newObject().put("object", "list");
        var data = list.putArray("data");
        for (String name : config.models()) {
            card(data.addObject(), name, config.root())
                    .putNull("parent")
                    .put("max_model_len", config.maxModelTokens());
        }
        for (Adapter adapter : adapters.values()) {
            card(data.addObject(), adapter.name(), adapter.path())
                    .put("parent", config.root())
                    .putNull("max_model_len");
        }
        return json.bytes(list);
    }

    private ObjectNode card(ObjectNode card, String id, String root) {
        return card.put("id", id)
                .put("object", "model")
                .put("created", createdSeconds)
                .put("owned_by", "vllm")
                .put("root", root);
    }
}

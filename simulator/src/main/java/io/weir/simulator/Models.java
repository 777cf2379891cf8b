package io.weir.simulator;

import io.weir.simulator.SimulatorConfig.Adapter;
import io.weir.simulator.text.Speech;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The models that one server answers for: names of its base model, and adapters. */
final class Models {

    private final SimulatorConfig config;
    private final Map<String, Adapter> adapters = new LinkedHashMap<>();
    private final Map<String, Speech> speeches = new HashMap<>();

    Models(SimulatorConfig config) {
        this.config = config;
        config.adapters().forEach(adapter -> adapters.put(adapter.name(), adapter));
    }

    boolean serves(String name) {
        return isBase(name) || adapters.containsKey(name);
    }

    boolean isBase(String name) {
        return config.models().contains(name);
    }

    /** Returns the model that answers when the client names none. */
    String first() {
        return config.models().getFirst();
    }

    /** Returns the adapter that a model name stands for; null for the base model. */
    @Nullable String adapter(String name) {
        return isBase(name) ? null : name;
    }

    List<Adapter> adapters() {
        return List.copyOf(adapters.values());
    }

    void add(Adapter adapter) {
        adapters.put(adapter.name(), adapter);
    }

    boolean remove(String name) {
        speeches.remove(name);
        return adapters.remove(name) != null;
    }

    /** Goes back to the adapters of the beginning. */
    void reset() {
        adapters.clear();
        config.adapters().forEach(this::add);
    }

    /** Returns what a served model says. */
    Speech speech(String name) {
        return speeches.computeIfAbsent(name, model -> new Speech(model, config.podName()));
    }
}

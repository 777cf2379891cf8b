package io.weir.app.simulated;

import io.weir.resource.ConfigMap;
import io.weir.resource.ObjectName;
import io.weir.resource.ObjectSet;
import io.weir.resource.PodSpec;
import io.weir.simulator.SimulatorConfig;
import io.weir.simulator.SimulatorConfig.Adapter;

import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Adapters that a LoRA syncer beside a real model server would load: those of {@code
 * vLLMLoRAConfig.ensureExist.models} in a ConfigMap that the Pod mounts, without those of {@code
 * ensureNotExist}. Texts that are something else are left alone.
 */
final class SyncedAdapters {

    private final ObjectSet objects;

    SyncedAdapters(ObjectSet objects) {
        this.objects = objects;
    }

    /** Returns a server's configuration with the adapters that a syncer would load into it. */
    SimulatorConfig addTo(SimulatorConfig config, PodSpec spec, String namespace) {
        Map<String, Adapter> adapters = new LinkedHashMap<>();
        config.adapters().forEach(adapter -> adapters.put(adapter.name(), adapter));
        for (String name : new TreeSet<>(spec.configMapVolumes().values())) {
            objects.find(ConfigMap.class, new ObjectName(namespace, name))
                    .ifPresent(map -> map.data().values().forEach(text -> sync(text, adapters)));
        }
        return config.toBuilder().adapters(List.copyOf(adapters.values())).build();
    }

    private static void sync(String text, Map<String, Adapter> adapters) {
        if (!text.contains("vLLMLoRAConfig")) {
            return;
        }
        Object config = part(load(text), "vLLMLoRAConfig");
        adapters(config, "ensureExist").forEach(adapter -> adapters.put(adapter.name(), adapter));
        adapters(config, "ensureNotExist").forEach(adapter -> adapters.remove(adapter.name()));
    }

    private static List<Adapter> adapters(Object config, String list) {
        List<Adapter> adapters = new ArrayList<>();
        if (part(part(config, list), "models") instanceof List<?> models) {
            for (Object model : models) {
                if (part(model, "id") instanceof String id && !id.isEmpty()) {
                    adapters.add(new Adapter(id, String.valueOf(part(model, "source"))));
                }
            }
        }
        return adapters;
    }

    private static Object part(Object value, String name) {
        Object found = value instanceof Map<?, ?> map ? map.get(name) : null;
        return found == null ? "" : found;
    }

    private static Object load(String text) {
        try {
            Object read = new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
            return read == null ? "" : read;
        } catch (YAMLException e) {
            return "";
        }
    }
}

package io.weir.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.weir.simulator.SimulatorConfig.Adapter;

import java.util.ArrayList;
import java.util.List;

/** Reads adapters: {@code {"name": …, "path": …}}, {@code name=path} or {@code name}. */
final class AdapterFlags {

    private AdapterFlags() {}

    static List<Adapter> read(Flag flag) {
        List<Adapter> adapters = new ArrayList<>();
        for (String value : flag.values()) {
            if (value.startsWith("{") || value.startsWith("[")) {
                adapters.addAll(json(flag, value));
            } else {
                adapters.addAll(plain(value));
            }
        }
        return adapters;
    }

    private static List<Adapter> json(Flag flag, String value) {
        Flag one = new Flag(flag.name(), List.of(value), 1);
        List<Adapter> adapters = new ArrayList<>();
        try {
            JsonNode tree = new ObjectMapper().readTree(value);
            for (JsonNode node : tree.isArray() ? tree : List.of(tree)) {
                String name = node.path("name").asText("");
                if (!node.path("name").isTextual() || name.isEmpty()) {
                    throw one.wrong("a \"name\"");
                }
                adapters.add(new Adapter(name, node.path("path").asText(path(name))));
            }
        } catch (JsonProcessingException e) {
            throw one.wrong("JSON or name=path");
        }
        return adapters;
    }

    private static List<Adapter> plain(String value) {
        List<Adapter> adapters = new ArrayList<>();
        for (String part : value.split(",", -1)) {
            int equals = part.indexOf('=');
            String name = (equals < 0 ? part : part.substring(0, equals)).strip();
            if (!name.isEmpty()) {
                adapters.add(
                        new Adapter(name, equals < 0 ? path(name) : part.substring(equals + 1)));
            }
        }
        return adapters;
    }

    private static String path(String name) {
        return "/adapters/" + name;
    }
}

package io.weir.kubernetes.embedded.table;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The part of JSONPath that printer columns use: members, {@code [0]}, {@code [*]}, {@code ['a.b']}
 * and {@code [?(@.type=="Ready")]}.
 */
final class JsonPath {

    private static final Pattern STEP =
            Pattern.compile(
                    "\\.((?:[^.\\[\\\\]|\\\\.)+)"
                            + "|\\[(-?\\d+)]"
                            + "|(?:\\.)?\\[(\\*)]"
                            + "|\\['((?:[^'\\\\]|\\\\.)*)']"
                            + "|\\[\\?\\(@\\.([\\w.]+)\\s*(==|!=)\\s*[\"']([^\"']*)[\"']\\)]");

    private JsonPath() {}

    /** Returns what the path finds; nothing for a path that is not understood. */
    static List<JsonNode> find(JsonNode root, String path) {
        List<JsonNode> nodes = List.of(root);
        Matcher matcher =
                STEP.matcher(path.startsWith(".") || path.startsWith("[") ? path : "." + path);
        int at = 0;
        while (at < matcher.regionEnd()) {
            if (!matcher.find() || matcher.start() != at) {
                return List.of();
            }
            nodes = step(nodes, matcher);
            at = matcher.end();
        }
        return nodes;
    }

    private static List<JsonNode> step(List<JsonNode> nodes, Matcher step) {
        List<JsonNode> next = new ArrayList<>();
        for (JsonNode node : nodes) {
            if (step.group(1) != null) {
                member(node, step.group(1), next);
            } else if (step.group(2) != null) {
                int index = Integer.parseInt(step.group(2));
                add(node.get(index < 0 ? node.size() + index : index), next);
            } else if (step.group(3) != null) {
                node.forEach(next::add);
            } else if (step.group(4) != null) {
                member(node, step.group(4), next);
            } else {
                filter(node, step, next);
            }
        }
        return next;
    }

    private static void member(JsonNode node, String name, List<JsonNode> next) {
        if (name.equals("*")) {
            node.forEach(next::add);
        } else {
            add(node.get(name.replaceAll("\\\\(.)", "$1")), next);
        }
    }

    private static void filter(JsonNode node, Matcher step, List<JsonNode> next) {
        boolean equal = step.group(6).equals("==");
        for (JsonNode item : node) {
            List<JsonNode> found = find(item, "." + step.group(5));
            boolean same = !found.isEmpty() && found.getFirst().asText().equals(step.group(7));
            if (same == equal) {
                next.add(item);
            }
        }
    }

    private static void add(@org.jspecify.annotations.Nullable JsonNode node, List<JsonNode> next) {
        if (node != null) {
            next.add(node);
        }
    }
}

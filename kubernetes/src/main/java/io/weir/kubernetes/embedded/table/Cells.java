package io.weir.kubernetes.embedded.table;

import com.fasterxml.jackson.databind.JsonNode;

import io.weir.kubernetes.embedded.object.Trees;

import java.util.stream.Collectors;

/** Common contents of cells. */
final class Cells {

    private Cells() {}

    static String orNone(String text) {
        return text.isEmpty() ? "<none>" : text;
    }

    static String labels(JsonNode labels) {
        String text =
                Trees.stringMap(labels).entrySet().stream()
                        .map(e -> e.getKey() + "=" + e.getValue())
                        .collect(Collectors.joining(","));
        return orNone(text);
    }

    /** Returns the addresses, at most three of them. */
    static String some(java.util.List<String> texts) {
        if (texts.isEmpty()) {
            return "<none>";
        }
        if (texts.size() <= 3) {
            return String.join(",", texts);
        }
        return String.join(",", texts.subList(0, 3)) + " + " + (texts.size() - 3) + " more...";
    }
}

package io.weir.resource.manifest;

import com.fasterxml.jackson.databind.JsonNode;

/** How values appear in messages. */
final class Values {

    private static final int MAX_CHARS = 80;

    private Values() {}

    /** Returns the value as the reader wrote it, or what sort of container it is. */
    static String show(JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT -> "a map";
            case ARRAY -> "a list";
            case NULL, MISSING -> "missing";
            case STRING -> quote(value.textValue());
            case BOOLEAN, NUMBER, BINARY, POJO -> shorten(value.asText());
        };
    }

    /** Returns the text in quotes, shortened and with control characters made visible. */
    static String quote(String text) {
        return '"' + shorten(text) + '"';
    }

    /** Returns the text on one line, at most 80 characters of it. */
    static String shorten(String text) {
        boolean cut = text.length() > MAX_CHARS;
        String start = cut ? text.substring(0, MAX_CHARS) : text;
        StringBuilder shown = new StringBuilder(start.length());
        for (int i = 0; i < start.length(); i++) {
            char c = start.charAt(i);
            switch (c) {
                case '\n' -> shown.append("\\n");
                case '\t' -> shown.append("\\t");
                case '\r' -> shown.append("\\r");
                default -> appendVisible(shown, c);
            }
        }
        return cut
                ? shown.append("… (").append(text.length()).append(" characters)").toString()
                : shown.toString();
    }

    private static void appendVisible(StringBuilder shown, char c) {
        if (Character.isISOControl(c) || Character.isSurrogate(c) || c == '\uFEFF') {
            shown.append(String.format("\\u%04x", (int) c));
        } else {
            shown.append(c);
        }
    }
}

package io.weir.body;

import org.jspecify.annotations.Nullable;

/** Writes JSON strings. */
final class JsonText {

    private JsonText() {}

    /** Appends a JSON string, quotes included. */
    static void quote(StringBuilder to, String value) {
        to.append('"');
        for (int i = 0; i < value.length(); i++) {
            escape(to, value.charAt(i));
        }
        to.append('"');
    }

    /** Appends a JSON string, or {@code null}. */
    static void quoteOrNull(StringBuilder to, @Nullable String value) {
        if (value == null) {
            to.append("null");
        } else {
            quote(to, value);
        }
    }

    private static void escape(StringBuilder to, char c) {
        switch (c) {
            case '"' -> to.append("\\\"");
            case '\\' -> to.append("\\\\");
            case '\n' -> to.append("\\n");
            case '\r' -> to.append("\\r");
            case '\t' -> to.append("\\t");
            default -> {
                if (c < 0x20 || c == 0x7f) {
                    unicode(to, c);
                } else {
                    to.append(c);
                }
            }
        }
    }

    private static void unicode(StringBuilder to, char c) {
        to.append("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
            to.append(Character.forDigit((c >> shift) & 0xf, 16));
        }
    }
}

package io.weir.picker.plugin;

import org.jspecify.annotations.Nullable;

/** Reads the Cookie header (RFC 6265 section 4.2). */
final class Cookies {

    private Cookies() {}

    /** Returns the value of a cookie; null when there is none. */
    static @Nullable String value(@Nullable String header, String name) {
        if (header == null) {
            return null;
        }
        // Several Cookie headers are joined by commas before they come here.
        for (String pair : header.split("[;,]", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0 && pair.substring(0, equals).strip().equals(name)) {
                String value = pair.substring(equals + 1).strip();
                return value.isEmpty() ? null : value;
            }
        }
        return null;
    }
}

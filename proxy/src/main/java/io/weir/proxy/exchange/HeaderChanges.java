package io.weir.proxy.exchange;

import io.netty.handler.codec.http.HttpHeaders;
import io.weir.picker.external.HeaderChange;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Set;

/**
 * Makes the changes of headers that a picker wants. What decides on the connection, the host or the
 * framing is not its to change: the reference data plane ignores that silently, and so does this.
 */
final class HeaderChanges {

    private static final Set<String> FIXED =
            Set.of(
                    "host",
                    "content-length",
                    "transfer-encoding",
                    "connection",
                    "keep-alive",
                    "proxy-connection",
                    "te",
                    "trailer",
                    "upgrade");

    private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";

    private HeaderChanges() {}

    static void apply(List<HeaderChange> changes, HttpHeaders headers) {
        for (HeaderChange change : changes) {
            if (mayChange(change.name()) && isFieldValue(change.value())) {
                apply(change, headers);
            }
        }
    }

    private static void apply(HeaderChange change, HttpHeaders headers) {
        String name = change.name();
        switch (change.kind()) {
            case SET -> headers.set(name, change.value());
            case ADD -> headers.add(name, change.value());
            case SET_IF_ABSENT -> {
                if (!headers.contains(name)) {
                    headers.set(name, change.value());
                }
            }
            case SET_IF_PRESENT -> {
                if (headers.contains(name)) {
                    headers.set(name, change.value());
                }
            }
            case REMOVE -> headers.remove(name);
        }
    }

    /** Returns the last value that is set for a name; null when there is none. */
    static @Nullable String valueOf(List<HeaderChange> changes, String name) {
        String value = null;
        for (HeaderChange change : changes) {
            if (change.name().equals(name) && change.kind() != HeaderChange.Kind.REMOVE) {
                value = change.value();
            }
        }
        return value;
    }

    private static boolean mayChange(String name) {
        return isToken(name) && !FIXED.contains(name) && !name.startsWith("x-envoy-");
    }

    private static boolean isToken(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
            if (!letter && TOKEN_MARKS.indexOf(c) < 0) {
                return false;
            }
        }
        return !name.isEmpty();
    }

    private static boolean isFieldValue(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if ((c < ' ' && c != '\t') || c == 0x7f || c > 0xff) {
                return false;
            }
        }
        return true;
    }
}

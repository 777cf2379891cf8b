package io.weir.extproc.wire;

import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.service.ext_proc.v3.HttpHeaders;
import io.weir.routing.RequestHead;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The headers of one message, pseudo headers included. Names are lower case; several values of one
 * name are joined by commas.
 */
public final class Headers implements RequestHead {

    private final Map<String, String> values;
    private final boolean endOfStream;

    private Headers(Map<String, String> values, boolean endOfStream) {
        this.values = values;
        this.endOfStream = endOfStream;
    }

    /** Returns the headers of a message. */
    public static Headers of(HttpHeaders message) {
        List<HeaderValue> list = message.getHeaders().getHeadersList();
        Map<String, String> values = HashMap.newHashMap(list.size());
        for (HeaderValue header : list) {
            values.merge(
                    header.getKey().toLowerCase(Locale.ROOT), value(header), (a, b) -> a + "," + b);
        }
        return new Headers(values, message.getEndOfStream());
    }

    /** Envoy fills the raw value and leaves the other empty; older senders do the reverse. */
    private static String value(HeaderValue header) {
        return header.getRawValue().isEmpty()
                ? header.getValue()
                : header.getRawValue().toStringUtf8();
    }

    /** Returns a value, or null when the header is absent. */
    public @Nullable String get(String name) {
        return values.get(name);
    }

    /** Returns the value of the first name that is present and not empty, or null. */
    public @Nullable String first(List<String> names) {
        for (String name : names) {
            String value = values.get(name);
            if (value != null && !value.isEmpty()) {
                return value;
            }
        }
        return null;
    }

    /** Returns whether a header is present. */
    public boolean has(String name) {
        return values.containsKey(name);
    }

    /** Returns whether no body and no trailers follow. */
    public boolean endOfStream() {
        return endOfStream;
    }

    @Override
    public @Nullable String header(String name) {
        return values.get(name.toLowerCase(Locale.ROOT));
    }

    @Override
    public String host() {
        String authority =
                values.getOrDefault(":authority", values.getOrDefault("host", ""))
                        .toLowerCase(Locale.ROOT);
        int colon = authority.lastIndexOf(':');
        boolean hasPort = colon > authority.lastIndexOf(']');
        return hasPort ? authority.substring(0, colon) : authority;
    }

    @Override
    public @Nullable String query() {
        String path = values.getOrDefault(":path", "");
        int query = path.indexOf('?');
        return query < 0 ? null : path.substring(query + 1);
    }

    /** Returns the path without query; empty when there is none. */
    @Override
    public String path() {
        String path = values.getOrDefault(":path", "");
        int query = path.indexOf('?');
        return query < 0 ? path : path.substring(0, query);
    }

    /** Returns the method; empty when there is none. */
    @Override
    public String method() {
        return values.getOrDefault(":method", "");
    }

    /** Returns the status of a response; 0 when there is none. */
    public int status() {
        String status = values.getOrDefault(":status", "");
        try {
            return status.isEmpty() ? 0 : Integer.parseInt(status);
        } catch (NumberFormatException _) {
            return 0;
        }
    }
}

package io.weir.routing;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** A request head made of plain values. */
public record TestHead(
        String method,
        String host,
        String path,
        @Nullable String query,
        Map<String, String> headers)
        implements RequestHead {

    public static TestHead get(String path) {
        return of("GET", path);
    }

    public static TestHead of(String method, String target) {
        int mark = target.indexOf('?');
        String path = mark < 0 ? target : target.substring(0, mark);
        String query = mark < 0 ? null : target.substring(mark + 1);
        return new TestHead(method, "", path, query, Map.of());
    }

    public TestHead withHost(String newHost) {
        return new TestHead(method, newHost, path, query, headers);
    }

    public TestHead with(String name, String value) {
        Map<String, String> more = new HashMap<>(headers);
        more.put(name.toLowerCase(Locale.ROOT), value);
        return new TestHead(method, host, path, query, more);
    }

    @Override
    public @Nullable String header(String name) {
        return headers.get(name.toLowerCase(Locale.ROOT));
    }
}

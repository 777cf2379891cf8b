package io.weir.routing;

import io.weir.resource.HttpRoute.Filter;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;

/**
 * What a CORS filter says to browsers: the answer to a preflight, and the headers of answers.
 *
 * @see <a href="https://fetch.spec.whatwg.org/#http-cors-protocol">Fetch: the CORS protocol</a>
 */
public final class Cors {

    /** Headers of answers that only the filter sets; what a server says of them is dropped. */
    public static final List<String> OWNED =
            List.of(
                    "access-control-allow-origin",
                    "access-control-allow-credentials",
                    "access-control-allow-methods",
                    "access-control-allow-headers",
                    "access-control-expose-headers",
                    "access-control-max-age");

    private static final String ANY = "*";
    private static final String REQUESTED_METHOD = "access-control-request-method";
    private static final String REQUESTED_HEADERS = "access-control-request-headers";

    private Cors() {}

    /** Returns whether a request asks for permission only and is not for a server. */
    public static boolean isPreflight(RequestHead request) {
        return request.method().equals("OPTIONS")
                && request.header("origin") != null
                && request.header(REQUESTED_METHOD) != null;
    }

    /**
     * Tells the headers of the answer to a preflight.
     *
     * @param add takes names and values
     */
    public static void preflight(
            Filter.Cors cors, RequestHead request, BiConsumer<String, String> add) {
        if (!allowOrigin(cors, request.header("origin"), add)) {
            return;
        }
        permit(
                cors,
                cors.allowMethods(),
                "access-control-allow-methods",
                request.header(REQUESTED_METHOD),
                add);
        permit(
                cors,
                cors.allowHeaders(),
                "access-control-allow-headers",
                request.header(REQUESTED_HEADERS),
                add);
        add.accept("access-control-max-age", Integer.toString(cors.maxAgeSeconds()));
    }

    /**
     * Tells the headers of any other answer.
     *
     * @param origin where the request comes from; null when it does not say
     * @param add takes names and values
     */
    public static void answer(
            Filter.Cors cors, @Nullable String origin, BiConsumer<String, String> add) {
        if (!allowOrigin(cors, origin, add) || cors.exposeHeaders().isEmpty()) {
            return;
        }
        boolean every = cors.exposeHeaders().contains(ANY);
        if (!every || !cors.allowCredentials()) {
            String exposed = every ? ANY : String.join(", ", cors.exposeHeaders());
            add.accept("access-control-expose-headers", exposed);
        }
    }

    private static boolean allowOrigin(
            Filter.Cors cors, @Nullable String origin, BiConsumer<String, String> add) {
        boolean everyone = cors.allowOrigins().contains(ANY) && !cors.allowCredentials();
        if (!everyone) {
            add.accept("vary", "Origin");
        }
        if (origin == null || !allows(cors, origin)) {
            return false;
        }
        add.accept("access-control-allow-origin", everyone ? ANY : origin);
        if (cors.allowCredentials()) {
            add.accept("access-control-allow-credentials", "true");
        }
        return true;
    }

    /** With credentials a browser takes no wildcard: what it asks for is repeated. */
    private static void permit(
            Filter.Cors cors,
            List<String> allowed,
            String name,
            @Nullable String requested,
            BiConsumer<String, String> add) {
        boolean every = allowed.contains(ANY);
        String value = String.join(", ", allowed);
        if (every && cors.allowCredentials()) {
            value = requested == null ? "" : requested;
        }
        if (!value.isEmpty()) {
            add.accept(name, value);
        }
    }

    static boolean allows(Filter.Cors cors, String origin) {
        for (String allowed : cors.allowOrigins()) {
            if (allowed.equals(ANY) || allowed.equals(origin) || covers(allowed, origin)) {
                return true;
            }
        }
        return false;
    }

    private static boolean covers(String allowed, String origin) {
        Parts pattern = Parts.of(allowed);
        Parts given = Parts.of(origin);
        return pattern != null
                && given != null
                && pattern.scheme.equals(given.scheme)
                && pattern.port.equals(given.port)
                && coversHost(pattern.host, given.host);
    }

    private static boolean coversHost(String pattern, String host) {
        if (!pattern.startsWith(ANY)) {
            return pattern.equals(host);
        }
        String suffix = pattern.substring(1);
        return host.endsWith(suffix) && host.length() > suffix.length();
    }

    /** The parts of {@code scheme://host[:port]}, in lower case, with the scheme's own port. */
    private record Parts(String scheme, String host, String port) {

        static @Nullable Parts of(String origin) {
            String text = origin.toLowerCase(Locale.ROOT);
            int end = text.indexOf("://");
            if (end < 0) {
                return null;
            }
            String scheme = text.substring(0, end);
            String rest = text.substring(end + 3);
            int colon = rest.lastIndexOf(':');
            boolean hasPort = colon > rest.lastIndexOf(']');
            String host = hasPort ? rest.substring(0, colon) : rest;
            String own = scheme.equals("https") ? "443" : "80";
            return new Parts(scheme, host, hasPort ? rest.substring(colon + 1) : own);
        }
    }
}

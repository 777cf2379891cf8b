package io.weir.routing;

import io.weir.resource.HttpRoute.Filter.RequestRedirect;

import org.jspecify.annotations.Nullable;

/** Locations of redirects (Gateway API v1, HTTPRequestRedirectFilter). */
public final class Redirects {

    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

    private Redirects() {}

    /**
     * Returns the value of the {@code Location} header.
     *
     * @param redirect the redirect
     * @param scheme scheme of the request, {@code http} or {@code https}
     * @param host host of the request without port, IPv6 addresses in brackets
     * @param port port of the listener
     * @param path path of the request without query
     * @param query query of the request without {@code ?}; null when there is none
     * @param matchedPrefix the prefix that the rule matched, from {@link RouteMatch}
     */
    public static String location(
            RequestRedirect redirect,
            String scheme,
            String host,
            int port,
            String path,
            @Nullable String query,
            String matchedPrefix) {
        String newScheme = redirect.scheme() == null ? scheme : redirect.scheme();
        String newHost = redirect.hostname() == null ? host : redirect.hostname();
        int newPort = port(redirect, port);
        StringBuilder location = new StringBuilder(newScheme).append("://").append(newHost);
        if (newPort != wellKnownPort(newScheme)) {
            location.append(':').append(newPort);
        }
        location.append(PathRewrite.apply(redirect.path(), path, matchedPrefix));
        if (query != null) {
            location.append('?').append(query);
        }
        return location.toString();
    }

    private static int port(RequestRedirect redirect, int listenerPort) {
        if (redirect.port() != null) {
            return redirect.port();
        }
        int wellKnown = redirect.scheme() == null ? -1 : wellKnownPort(redirect.scheme());
        return wellKnown > 0 ? wellKnown : listenerPort;
    }

    private static int wellKnownPort(String scheme) {
        return switch (scheme) {
            case "http" -> HTTP_PORT;
            case "https" -> HTTPS_PORT;
            default -> -1;
        };
    }
}

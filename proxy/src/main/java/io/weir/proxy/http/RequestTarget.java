package io.weir.proxy.http;

import org.jspecify.annotations.Nullable;

/**
 * The target of a request (RFC 9112 section 3.2).
 *
 * @param authority host and port when the target was an absolute URI; null else
 * @param path the path as sent; {@code *} for an OPTIONS request on the server as a whole
 * @param query the query as sent, without {@code ?}; null when there is none
 */
public record RequestTarget(@Nullable String authority, String path, @Nullable String query) {

    /**
     * Reads a request target.
     *
     * <p>Paths with dot segments, plain or escaped, are refused: to the routes they are one path
     * and to many servers another, and no client that resolves its URLs sends them.
     *
     * @return the target, or null when it is malformed
     */
    public static @Nullable RequestTarget parse(String uri) {
        if (!isPlain(uri)) {
            return null;
        }
        if (uri.startsWith("/")) {
            return origin(null, uri);
        }
        if (uri.equals("*")) {
            return new RequestTarget(null, uri, null);
        }
        return absolute(uri);
    }

    private static @Nullable RequestTarget absolute(String uri) {
        int schemeEnd = uri.indexOf("://");
        if (schemeEnd < 0 || !isHttp(uri.substring(0, schemeEnd))) {
            return null;
        }
        int start = schemeEnd + 3;
        int end = start;
        while (end < uri.length() && uri.charAt(end) != '/' && uri.charAt(end) != '?') {
            end++;
        }
        String rest = uri.substring(end);
        return origin(uri.substring(start, end), rest.startsWith("/") ? rest : "/" + rest);
    }

    private static boolean isHttp(String scheme) {
        return scheme.equalsIgnoreCase("http") || scheme.equalsIgnoreCase("https");
    }

    private static @Nullable RequestTarget origin(@Nullable String authority, String uri) {
        int mark = uri.indexOf('?');
        String path = mark < 0 ? uri : uri.substring(0, mark);
        if (hasDotSegment(path)) {
            return null;
        }
        return new RequestTarget(authority, path, mark < 0 ? null : uri.substring(mark + 1));
    }

    /** Returns whether all characters are visible ASCII and none begins a fragment. */
    private static boolean isPlain(String uri) {
        for (int i = 0; i < uri.length(); i++) {
            char c = uri.charAt(i);
            if (c <= ' ' || c >= 0x7f || c == '#') {
                return false;
            }
        }
        return true;
    }

    private static boolean hasDotSegment(String path) {
        if (path.indexOf('.') < 0 && path.indexOf('%') < 0) {
            return false;
        }
        for (int slash = 0; slash >= 0; slash = path.indexOf('/', slash + 1)) {
            if (isDots(path, slash + 1)) {
                return true;
            }
        }
        return false;
    }

    /** Returns whether the segment that begins here is one or two dots. */
    private static boolean isDots(String path, int from) {
        int at = from;
        int dots = 0;
        while (at < path.length() && path.charAt(at) != '/') {
            int length = dotLength(path, at);
            if (length == 0 || ++dots > 2) {
                return false;
            }
            at += length;
        }
        return dots > 0;
    }

    private static int dotLength(String path, int at) {
        if (path.charAt(at) == '.') {
            return 1;
        }
        return path.regionMatches(true, at, "%2e", 0, 3) ? 3 : 0;
    }
}

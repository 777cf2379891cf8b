package io.weir.routing;

import io.weir.resource.HttpRoute.PathChange;

import org.jspecify.annotations.Nullable;

/** Path changes of URL rewrites and redirects (Gateway API v1, HTTPPathModifier). */
public final class PathRewrite {

    private PathRewrite() {}

    /**
     * Returns the path after a change.
     *
     * @param change the change; null keeps the path
     * @param path the path as sent, without query
     * @param matchedPrefix the prefix that the rule matched, from {@link RouteMatch}; when empty, a
     *     prefix replacement keeps the path
     */
    public static String apply(@Nullable PathChange change, String path, String matchedPrefix) {
        return switch (change) {
            case null -> path;
            case PathChange.ReplaceFullPath(String replacement) ->
                    replacement.isEmpty() ? "/" : replacement;
            case PathChange.ReplacePrefixMatch(String replacement) ->
                    replacePrefix(replacement, path, withoutSlash(matchedPrefix), matchedPrefix);
        };
    }

    private static String replacePrefix(
            String replacement, String path, String prefix, String matchedPrefix) {
        if (matchedPrefix.isEmpty() || !path.startsWith(prefix)) {
            return path;
        }
        String rest = path.equals(matchedPrefix) ? "" : path.substring(prefix.length());
        if (rest.isEmpty()) {
            return replacement.isEmpty() ? "/" : replacement;
        }
        return withoutSlash(replacement) + rest;
    }

    private static String withoutSlash(String prefix) {
        return prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix;
    }
}

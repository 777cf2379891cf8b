package io.weir.config;

import org.jspecify.annotations.Nullable;

import java.util.Comparator;
import java.util.List;

/**
 * Host names of listeners and routes, exact or with a {@code *.} wildcard for their first labels.
 */
final class Hostnames {

    /** Exact names, then wildcards, the longest first, then none. */
    static final Comparator<@Nullable String> MOST_SPECIFIC_FIRST =
            Comparator.<@Nullable String>comparingInt(Hostnames::rank)
                    .thenComparingInt(name -> name == null ? 0 : -name.length())
                    .thenComparing(name -> name == null ? "" : name);

    private Hostnames() {}

    /**
     * Returns the route's host names that some host of the listener can have.
     *
     * @param listener host name of the listener; null for every host
     * @param route host names of the route, at least one
     */
    static List<String> intersection(@Nullable String listener, List<String> route) {
        return route.stream().filter(name -> intersects(listener, name)).toList();
    }

    static boolean intersects(@Nullable String a, String b) {
        return a == null || a.equals(b) || covers(a, b) || covers(b, a);
    }

    /** Returns whether a name is or falls under a wildcard. */
    private static boolean covers(String wildcard, String name) {
        return wildcard.startsWith("*.")
                && name.endsWith(wildcard.substring(1))
                && name.length() >= wildcard.length();
    }

    private static int rank(@Nullable String name) {
        if (name == null) {
            return 2;
        }
        return name.startsWith("*.") ? 1 : 0;
    }
}

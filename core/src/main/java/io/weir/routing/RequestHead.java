package io.weir.routing;

import org.jspecify.annotations.Nullable;

/** The parts of a request that routes match, without its body. */
public interface RequestHead {

    /** Returns the method, for instance {@code POST}. */
    String method();

    /** Returns the host of the request in lower case, without port; empty when there is none. */
    String host();

    /** Returns the path without query, as sent. */
    String path();

    /** Returns the query without {@code ?}, as sent; null when there is none. */
    @Nullable String query();

    /**
     * Returns the value of a header, several values joined by commas.
     *
     * @param name header name; case does not matter
     * @return the value, or null when the header is absent
     */
    @Nullable String header(String name);
}

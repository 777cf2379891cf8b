package io.weir.picker;

import org.jspecify.annotations.Nullable;

/**
 * The headers of a request. Read by the thread that picks, until {@code pick} returns, or the
 * {@link Ticket} of a request that waits has ended.
 */
@FunctionalInterface
public interface RequestHeaders {

    /** No headers. */
    RequestHeaders NONE = _ -> null;

    /**
     * Returns a header's value, several ones joined by commas; null when there is none.
     *
     * @param name name, lower case
     */
    @Nullable String get(String name);
}

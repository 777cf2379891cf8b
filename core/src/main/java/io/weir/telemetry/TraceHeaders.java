package io.weir.telemetry;

import org.jspecify.annotations.Nullable;

/** Headers in which a request's trace is told to the next hop. */
public interface TraceHeaders {

    /**
     * Returns a header's value; null when there is none.
     *
     * @param name name, lower case
     */
    @Nullable String get(String name);

    /** Sets a header. */
    void set(String name, String value);

    /** Removes a header. */
    void remove(String name);
}

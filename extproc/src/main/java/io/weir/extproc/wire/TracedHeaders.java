package io.weir.extproc.wire;

import io.weir.telemetry.TraceHeaders;

import org.jspecify.annotations.Nullable;

/**
 * The headers of a request that is traced.
 *
 * @param received as they came
 * @param changes what the proxy is told to change
 */
public record TracedHeaders(Headers received, Changes changes) implements TraceHeaders {

    @Override
    public @Nullable String get(String name) {
        return received.get(name);
    }

    @Override
    public void set(String name, String value) {
        changes.set(name, value);
    }

    @Override
    public void remove(String name) {
        if (received.has(name)) {
            changes.remove(name);
        }
    }
}

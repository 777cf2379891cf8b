package io.weir.app.tracing;

import org.jspecify.annotations.Nullable;

import java.util.Map;

/**
 * Whether and how requests are traced.
 *
 * @param asked what {@code --tracing} says; null when it was not given
 * @param environment the {@code OTEL_} variables
 */
public record TraceOptions(@Nullable Boolean asked, Map<String, String> environment) {

    /** No traces. */
    public static final TraceOptions NONE = new TraceOptions(false, Map.of());

    public TraceOptions {
        environment = Map.copyOf(environment);
    }

    /** Returns what the flag and this process's environment say. */
    public static TraceOptions of(@Nullable Boolean asked) {
        return new TraceOptions(asked, System.getenv());
    }
}

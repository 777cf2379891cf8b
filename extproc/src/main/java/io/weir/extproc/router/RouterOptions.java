package io.weir.extproc.router;

import io.weir.extproc.wire.HeaderNames;
import io.weir.routing.HeaderRule;

import java.time.Duration;
import java.util.List;

/**
 * How requests are served.
 *
 * @param bodyLimitBytes largest request body that is read; more is answered with 413
 * @param idleTimeout how long nothing may come of a body that is not complete
 * @param modelHeaders headers that carry the body's model
 * @param baseModelHeaders headers that carry its base model
 * @param rules further headers, by expressions
 * @param plugins what else reads and changes bodies
 */
public record RouterOptions(
        long bodyLimitBytes,
        Duration idleTimeout,
        List<String> modelHeaders,
        List<String> baseModelHeaders,
        List<HeaderRule> rules,
        PluginChain plugins) {

    /** 64 MiB, five minutes, the headers that published routes match. */
    public static final RouterOptions DEFAULTS =
            new RouterOptions(
                    64L << 20,
                    Duration.ofMinutes(5),
                    List.of(HeaderNames.MODEL_NAME),
                    List.of(HeaderNames.BASE_MODEL_NAME),
                    List.of(),
                    PluginChain.NONE);

    public RouterOptions {
        if (bodyLimitBytes < 1) {
            throw new IllegalArgumentException(
                    "bodyLimitBytes: " + bodyLimitBytes + " (expected: >= 1)");
        }
        modelHeaders = List.copyOf(modelHeaders);
        baseModelHeaders = List.copyOf(baseModelHeaders);
        rules = List.copyOf(rules);
    }

    /** Returns these options with another limit of bodies. */
    public RouterOptions withBodyLimit(long bytes) {
        return new RouterOptions(
                bytes, idleTimeout, modelHeaders, baseModelHeaders, rules, plugins);
    }

    /** Returns these options with other plugins. */
    public RouterOptions withPlugins(PluginChain others) {
        return new RouterOptions(
                bodyLimitBytes, idleTimeout, modelHeaders, baseModelHeaders, rules, others);
    }
}

package io.weir.picker.plugin;

/**
 * A configuration of plugins that cannot be used. The message names the field, its value and the
 * rule, for instance {@code plugins[2].type: "queue-score" (expected: one of ...)}.
 */
public final class PluginException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    public PluginException(String message) {
        super(message);
    }

    /** Returns an exception on a field. */
    public static PluginException on(String field, String problem) {
        return new PluginException(field + ": " + problem);
    }
}

package io.weir.picker.plugin;

/**
 * A configuration of plugins that cannot be used. The message names the field, its value and the
 * rule, for instance {@code plugins[2].type: "queue-score" (expected: one of ...)}.
 */
public final class PluginException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final String field;

    public PluginException(String message) {
        this("", message);
    }

    private PluginException(String field, String message) {
        super(message);
        this.field = field;
    }

    /** Returns an exception on a field. */
    public static PluginException on(String field, String problem) {
        return new PluginException(field, field + ": " + problem);
    }

    /** Returns the path of the field, for instance {@code plugins[2].type}; empty when none is. */
    public String field() {
        return field;
    }
}

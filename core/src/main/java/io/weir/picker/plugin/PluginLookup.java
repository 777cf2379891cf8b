package io.weir.picker.plugin;

/** The plugins of a configuration by name. */
public interface PluginLookup {

    /**
     * Returns a plugin.
     *
     * @param field where it is referred to, for messages
     * @param name the plugin's name
     * @throws PluginException when there is none of that name, or it refers back to the asking one
     */
    Plugin get(String field, String name);

    /** Returns whether there is a plugin of a name. */
    boolean has(String name);
}

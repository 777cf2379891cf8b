package io.weir.picker.plugin;

/** Makes plugins of one type. */
@FunctionalInterface
public interface PluginFactory {

    /**
     * Makes a plugin.
     *
     * @param parameters what the configuration says; parameters that are not read are refused
     * @param plugins other plugins of the same configuration
     * @throws PluginException when a parameter is wrong
     */
    Plugin create(PluginParameters parameters, PluginLookup plugins);
}

package io.weir.extproc.plugin;

import io.weir.picker.plugin.PluginParameters;

/** Makes plugins of one type. */
@FunctionalInterface
public interface BodyPluginFactory {

    /**
     * Makes a plugin.
     *
     * @param parameters what the command line says; parameters that are not read are refused
     * @throws io.weir.picker.plugin.PluginException when a parameter is wrong
     */
    BodyPlugin create(PluginParameters parameters);
}

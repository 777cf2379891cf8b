package io.weir.picker.plugin;

import java.util.Map;

/** A set of plugin types. */
@FunctionalInterface
public interface PluginProvider {

    /** Returns the factories by the name of the type that they make. */
    Map<String, PluginFactory> factories();
}

package io.weir.extproc.plugin;

import java.util.Map;

/** A set of plugin types for the body router. */
@FunctionalInterface
public interface BodyPluginProvider {

    /** Returns the factories by the name of the type that they make. */
    Map<String, BodyPluginFactory> factories();
}

package io.weir.app.bodyrouter;

import com.fasterxml.jackson.databind.ObjectMapper;

import io.weir.extproc.plugin.BodyPlugin;
import io.weir.extproc.plugin.BodyPluginFactory;
import io.weir.extproc.plugin.BodyPluginProvider;
import io.weir.extproc.router.PluginChain;
import io.weir.picker.plugin.PluginException;
import io.weir.picker.plugin.PluginParameters;
import io.weir.picker.setup.InstalledPlugins;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Plugins of jars that are not part of Weir, as the command line wants them. */
public final class OwnPlugins {

    private final String jars;
    private @Nullable Map<String, BodyPluginFactory> factories;
    private final List<PluginChain.Named> plugins = new ArrayList<>();

    /**
     * @param jars paths of jars, separated as in a class path; opened when one of their types is
     *     asked for
     */
    public OwnPlugins(String jars) {
        this.jars = jars;
    }

    private Map<String, BodyPluginFactory> factories() {
        Map<String, BodyPluginFactory> known = factories;
        if (known == null) {
            known = new TreeMap<>();
            for (BodyPluginProvider each : InstalledPlugins.of(jars, BodyPluginProvider.class)) {
                known.putAll(each.factories());
            }
            factories = known;
        }
        return known;
    }

    /**
     * Adds a plugin of a jar.
     *
     * @param json its parameters; empty for none
     * @throws IllegalArgumentException when there is no such type, or a parameter is wrong
     */
    public void add(String type, String name, String json) {
        BodyPluginFactory factory = factories().get(type);
        if (factory == null) {
            String known = String.join(", ", factories().keySet());
            throw new IllegalArgumentException(
                    "expected: body-field-to-header, base-model-to-header, or a type of the jars in"
                            + " WEIR_PLUGINS"
                            + (known.isEmpty() ? "" : ": " + known));
        }
        plugins.add(new PluginChain.Named(type, name, made(factory, json)));
    }

    private static BodyPlugin made(BodyPluginFactory factory, String json) {
        try {
            Map<?, ?> values =
                    json.isBlank() ? Map.of() : new ObjectMapper().readValue(json, Map.class);
            PluginParameters parameters = new PluginParameters("parameters", values);
            BodyPlugin plugin = factory.create(parameters);
            parameters.requireAllRead();
            return plugin;
        } catch (IOException e) {
            throw new IllegalArgumentException("the parameters are no JSON object", e);
        } catch (PluginException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /** Adds a plugin of Weir's own. */
    public void add(PluginChain.Named plugin) {
        plugins.add(plugin);
    }

    /** Returns the plugins in their order. */
    public PluginChain chain() {
        return new PluginChain(plugins);
    }
}

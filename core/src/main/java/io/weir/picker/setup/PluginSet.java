package io.weir.picker.setup;

import io.weir.picker.plugin.Inherent;
import io.weir.picker.plugin.Plugin;
import io.weir.picker.plugin.PluginException;
import io.weir.picker.plugin.PluginFactory;
import io.weir.picker.plugin.PluginParameters;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The plugins of a document by name, made in the order in which they need one another. */
final class PluginSet {

    private final Map<String, YamlMap> entries = new LinkedHashMap<>();
    private final Map<String, Plugin> created = new LinkedHashMap<>();
    private final Set<String> underway = new LinkedHashSet<>();
    private final Set<String> referred = new HashSet<>();
    private final Map<String, PluginFactory> factories;
    private final List<String> warnings;

    PluginSet(List<YamlMap> plugins, Map<String, PluginFactory> factories, List<String> warnings) {
        this.factories = factories;
        this.warnings = warnings;
        for (YamlMap entry : plugins) {
            String type = entry.requiredText("type");
            String name = entry.has("name") ? entry.requiredText("name") : type;
            if (entries.put(name, entry) != null) {
                throw PluginException.on(entry.field("name"), name + " (expected: used once)");
            }
        }
    }

    void createAll() {
        entries.keySet().forEach(name -> get("plugins", name));
    }

    /** Returns all plugins in the order in which they are written. */
    List<Plugin> all() {
        List<Plugin> all = new ArrayList<>();
        entries.keySet().forEach(name -> all.add(get("plugins", name)));
        return all;
    }

    /** Returns the plugins that no other one refers to, and which thus stand for themselves. */
    List<Plugin> standalone() {
        List<Plugin> standalone = new ArrayList<>();
        for (String name : entries.keySet()) {
            Plugin plugin = get("plugins", name);
            if (!referred.contains(name)) {
                standalone.add(plugin);
            }
        }
        return standalone;
    }

    Plugin get(String field, String name) {
        Plugin existing = created.get(name);
        if (existing != null) {
            return existing;
        }
        YamlMap entry = entries.get(name);
        if (entry == null) {
            throw PluginException.on(
                    field, "\"%s\" (expected: %s)".formatted(name, oneOf(entries.keySet())));
        }
        if (!underway.add(name)) {
            throw PluginException.on(
                    field, name + " refers to itself by way of " + String.join(", ", underway));
        }
        Plugin plugin = create(entry);
        underway.remove(name);
        created.put(name, plugin);
        return plugin;
    }

    private Plugin create(YamlMap entry) {
        String type = entry.requiredText("type");
        PluginFactory factory = factories.get(type);
        if (factory == null) {
            throw PluginException.on(
                    entry.field("type"),
                    "\"%s\" (expected: %s)".formatted(type, oneOf(factories.keySet())));
        }
        YamlMap written = entry.map("parameters");
        PluginParameters parameters =
                new PluginParameters(
                        entry.field("parameters"), written == null ? Map.of() : written.values());
        Plugin plugin = factory.create(parameters, this::refer);
        check(plugin, entry, parameters);
        return plugin;
    }

    private void check(Plugin plugin, YamlMap entry, PluginParameters parameters) {
        entry.requireAllRead();
        if (!(plugin instanceof Inherent)) {
            parameters.requireAllRead();
            return;
        }
        YamlMap written = entry.map("parameters");
        if (written != null && !written.values().isEmpty()) {
            warnings.add(entry.field("parameters") + ": have no effect yet");
        }
    }

    private Plugin refer(String field, String name) {
        referred.add(name);
        return get(field, name);
    }

    private static String oneOf(Set<String> names) {
        return names.isEmpty() ? "none" : "one of " + String.join(", ", new TreeSet<>(names));
    }
}

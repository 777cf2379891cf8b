package io.weir.picker.setup;

import io.weir.picker.plugin.Plugin;
import io.weir.picker.plugin.PluginException;
import io.weir.picker.plugin.PluginFactory;
import io.weir.picker.plugin.PluginLookup;
import io.weir.picker.plugin.PluginParameters;

import org.jspecify.annotations.Nullable;

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

    /** Policies that are in force unless others are named. */
    private static final Set<String> IMPLIED =
            Set.of(
                    "utilization-detector",
                    "static-usage-limit-policy",
                    "global-strict-fairness-policy",
                    "fcfs-ordering-policy");

    private final Map<String, YamlMap> entries = new LinkedHashMap<>();
    private final Map<String, Plugin> created = new LinkedHashMap<>();
    private final Set<String> underway = new LinkedHashSet<>();
    private final Set<String> referred = new HashSet<>();
    private final Map<String, PluginFactory> factories;
    private final List<String> warnings;

    private final PluginLookup lookup =
            new PluginLookup() {
                @Override
                public Plugin get(String field, String name) {
                    referred.add(name);
                    return PluginSet.this.get(field, name);
                }

                @Override
                public boolean has(String name) {
                    return entries.containsKey(name);
                }
            };

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

    /** Returns the name under which a plugin is configured. */
    String nameOf(Plugin plugin) {
        for (Map.Entry<String, Plugin> entry : created.entrySet()) {
            if (isSame(entry.getValue(), plugin)) {
                return entry.getKey();
            }
        }
        return "";
    }

    @SuppressWarnings("ReferenceEquality")
    private static boolean isSame(Plugin one, Plugin other) {
        return one == other;
    }

    /** Returns a plugin of a name and kind; null when there is none. */
    <T> @Nullable T named(String name, Class<T> kind) {
        Plugin plugin = entries.containsKey(name) ? get("plugins", name) : null;
        return kind.isInstance(plugin) ? kind.cast(plugin) : null;
    }

    /** Returns all plugins of a kind in the order in which they are written. */
    <T> List<T> all(Class<T> kind) {
        return all().stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /** Returns the plugin that a {@code pluginRef} names. */
    <T> T require(YamlMap reference, Class<T> kind, String what) {
        String name = reference.requiredText("pluginRef");
        return require(reference.field("pluginRef"), name, kind, what);
    }

    /** Returns a plugin that is to be of a kind. */
    <T> T require(String field, String name, Class<T> kind, String what) {
        Plugin plugin = get(field, name);
        if (kind.isInstance(plugin)) {
            return kind.cast(plugin);
        }
        throw PluginException.on(field, name + " (expected: " + what + ")");
    }

    Plugin get(String field, String name) {
        Plugin existing = created.get(name);
        if (existing != null) {
            return existing;
        }
        YamlMap entry = entries.get(name);
        if (entry == null) {
            return implied(field, name);
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

    /** Returns one of the plugins that need not be listed to be named. */
    private Plugin implied(String field, String name) {
        PluginFactory factory = IMPLIED.contains(name) ? factories.get(name) : null;
        if (factory == null) {
            throw PluginException.on(
                    field, "\"%s\" (expected: %s)".formatted(name, oneOf(entries.keySet())));
        }
        Plugin plugin = factory.create(new PluginParameters(name, Map.of()), lookup);
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
        Plugin plugin = factory.create(parameters, lookup);
        check(entry, parameters);
        return plugin;
    }

    private void check(YamlMap entry, PluginParameters parameters) {
        entry.requireAllRead();
        parameters.requireAllRead();
        parameters.unheeded().forEach(field -> warnings.add(field + ": has no effect"));
    }

    private static String oneOf(Set<String> names) {
        return names.isEmpty() ? "none" : "one of " + String.join(", ", new TreeSet<>(names));
    }
}

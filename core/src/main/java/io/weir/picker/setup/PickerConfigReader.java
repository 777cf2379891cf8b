package io.weir.picker.setup;

import io.weir.picker.PickerSettings;
import io.weir.picker.builtin.BuiltInPlugins;
import io.weir.picker.plugin.PluginException;
import io.weir.picker.plugin.PluginFactory;
import io.weir.picker.plugin.PluginProvider;

import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads EndpointPickerConfig documents with a given set of plugin types. Thread-safe. */
public final class PickerConfigReader {

    private static final int MOST_BYTES = 1 << 20;
    private static final int MOST_ALIASES = 50;
    private static final int MOST_DEPTH = 50;

    private final Map<String, PluginFactory> factories;

    /** Returns a reader; later providers replace types of earlier ones. */
    public PickerConfigReader(List<? extends PluginProvider> providers) {
        Map<String, PluginFactory> all = new HashMap<>();
        providers.forEach(provider -> all.putAll(provider.factories()));
        factories = Map.copyOf(all);
    }

    /**
     * Returns a reader of the built-in and the installed plugins.
     *
     * @throws IllegalArgumentException when a jar is missing or names no provider
     */
    public static PickerConfigReader installed() {
        List<PluginProvider> providers = new ArrayList<>();
        providers.add(new BuiltInPlugins());
        providers.addAll(InstalledPlugins.of(System.getProperty(InstalledPlugins.PROPERTY, "")));
        return new PickerConfigReader(providers);
    }

    /**
     * Reads a configuration.
     *
     * @throws PluginException when it cannot be used; the message begins with the settings' origin
     *     and the line, as in {@code picker.yaml:7: plugins[0].type: ...}
     */
    public PickerConfig read(PickerSettings settings) {
        String text = settings.configText();
        if (text == null) {
            return PickerConfig.standard();
        }
        try {
            return new PickerConfigDocument(parse(settings, text), factories).read();
        } catch (PluginException e) {
            throw e.field().isEmpty() ? e : located(settings, text, e);
        }
    }

    private static Map<?, ?> parse(PickerSettings settings, String text) {
        try {
            if (new Yaml(new SafeConstructor(options())).load(text) instanceof Map<?, ?> document) {
                return document;
            }
        } catch (MarkedYAMLException e) {
            int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
            throw at(settings, line, "not YAML: " + e.getProblem());
        } catch (YAMLException e) {
            throw at(settings, 1, "not YAML: " + e.getMessage());
        }
        throw at(settings, 1, "not an object (expected: an EndpointPickerConfig)");
    }

    private static LoaderOptions options() {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        options.setMaxAliasesForCollections(MOST_ALIASES);
        options.setNestingDepthLimit(MOST_DEPTH);
        options.setCodePointLimit(MOST_BYTES);
        return options;
    }

    private static PluginException located(
            PickerSettings settings, String text, PluginException e) {
        return at(
                settings, YamlLines.of(text, e.field(), options()), String.valueOf(e.getMessage()));
    }

    private static PluginException at(PickerSettings settings, int line, String message) {
        String origin = settings.configOrigin();
        String place = origin.isEmpty() ? "line " + line : origin + ":" + line;
        return new PluginException(place + ": " + message);
    }
}

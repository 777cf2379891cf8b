package io.weir.picker.setup;

import io.weir.picker.PickerSettings;
import io.weir.picker.plugin.PluginException;
import io.weir.picker.plugin.PluginFactory;
import io.weir.picker.plugin.PluginProvider;

import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;

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
     * Reads a configuration.
     *
     * @throws PluginException when it cannot be used
     */
    public PickerConfig read(PickerSettings settings) {
        String text = settings.configText();
        if (text == null) {
            return PickerConfig.standard();
        }
        try {
            return new PickerConfigDocument(parse(text), factories).read();
        } catch (PluginException e) {
            throw withOrigin(settings, e);
        }
    }

    private static Map<?, ?> parse(String text) {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        options.setMaxAliasesForCollections(MOST_ALIASES);
        options.setNestingDepthLimit(MOST_DEPTH);
        options.setCodePointLimit(MOST_BYTES);
        try {
            if (new Yaml(new SafeConstructor(options)).load(text) instanceof Map<?, ?> document) {
                return document;
            }
        } catch (MarkedYAMLException e) {
            int line = e.getProblemMark() == null ? 0 : e.getProblemMark().getLine() + 1;
            throw new PluginException("line " + line + ": not YAML: " + e.getProblem());
        } catch (YAMLException e) {
            throw new PluginException("not YAML: " + e.getMessage());
        }
        throw new PluginException("not an object (expected: an EndpointPickerConfig)");
    }

    private static PluginException withOrigin(PickerSettings settings, PluginException e) {
        if (settings.configOrigin().isEmpty()) {
            return e;
        }
        return new PluginException(settings.configOrigin() + ": " + e.getMessage());
    }
}

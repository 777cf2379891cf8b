package io.weir.extproc.picker;

import io.weir.picker.PickerSettings;

import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Entries of a picker's configuration that concern messages rather than picks. */
final class PluginEntries {

    private PluginEntries() {}

    /** Returns the plugins of a type, by their places in the list. */
    static Map<Integer, Map<?, ?>> of(PickerSettings settings, String type) {
        String text = settings.configText();
        if (text == null || !text.contains(type)) {
            return Map.of();
        }
        Map<Integer, Map<?, ?>> found = new LinkedHashMap<>();
        List<?> plugins = list(map(document(text)).get("plugins"));
        for (int i = 0; i < plugins.size(); i++) {
            Map<?, ?> plugin = map(plugins.get(i));
            if (type.equals(plugin.get("type"))) {
                found.put(i, plugin);
            }
        }
        return found;
    }

    /** What is no YAML is told by the reader of the whole. */
    private static @Nullable Object document(String text) {
        try {
            return new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
        } catch (YAMLException e) {
            return null;
        }
    }

    static Map<?, ?> map(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? map : Map.of();
    }

    static List<?> list(@Nullable Object value) {
        return value instanceof List<?> list ? list : List.of();
    }
}

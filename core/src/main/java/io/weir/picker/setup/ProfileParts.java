package io.weir.picker.setup;

import io.weir.picker.builtin.DefaultProfile;
import io.weir.picker.plugin.Filter;
import io.weir.picker.plugin.Picker;
import io.weir.picker.plugin.Plugin;
import io.weir.picker.plugin.PluginException;
import io.weir.picker.plugin.Profile;
import io.weir.picker.plugin.Profile.Weighted;
import io.weir.picker.plugin.SaturationDetector;
import io.weir.picker.plugin.Scorer;
import io.weir.picker.prefix.PrefixSettings;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** The plugins of one profile by what they are. */
final class ProfileParts {

    private final String name;
    private final PluginSet plugins;
    private final @Nullable Picker defaultPicker;
    private final List<Filter> filters = new ArrayList<>();
    private final List<Weighted> scorers = new ArrayList<>();
    private final List<String> filterNames = new ArrayList<>();
    private final List<String> scorerNames = new ArrayList<>();
    private @Nullable Picker picker;

    /**
     * Returns a profile without plugins.
     *
     * @param defaultPicker picker if none is added; null for the one that profiles have by default
     */
    ProfileParts(String name, PluginSet plugins, @Nullable Picker defaultPicker) {
        this.name = name;
        this.plugins = plugins;
        this.defaultPicker = defaultPicker;
    }

    /** Adds all plugins that no other one refers to. */
    ProfileParts addAll() {
        for (Plugin plugin : plugins.standalone()) {
            boolean isDetector = plugin instanceof SaturationDetector;
            boolean isSecondPicker = plugin instanceof Picker && picker != null;
            if (!isDetector && !isSecondPicker) {
                add("plugins", plugin, plugins.nameOf(plugin), 1);
            }
        }
        return this;
    }

    void add(YamlMap entry) {
        String field = entry.field("pluginRef");
        String reference = entry.requiredText("pluginRef");
        add(field, plugins.get(field, reference), reference, weight(entry));
        entry.requireAllRead();
    }

    private static double weight(YamlMap entry) {
        double weight = entry.number("weight", 1);
        if (!(weight >= 0) || Double.isInfinite(weight)) {
            throw PluginException.on(entry.field("weight"), weight + " (expected: >= 0)");
        }
        return weight;
    }

    private void add(String field, Plugin plugin, String reference, double weight) {
        if (plugin instanceof Filter filter) {
            filters.add(filter);
            filterNames.add(reference);
        }
        if (plugin instanceof Scorer scorer) {
            scorers.add(new Weighted(scorer, weight));
            scorerNames.add(reference);
        }
        if (plugin instanceof Picker one) {
            if (picker != null) {
                throw PluginException.on(field, "a second picker (expected: one at most)");
            }
            picker = one;
        }
    }

    Profile build(@Nullable PrefixSettings prefixes, SaturationDetector detector) {
        return new Profile(
                name,
                filters,
                scorers,
                pickerOrDefault(),
                prefixes,
                detector,
                filterNames,
                scorerNames);
    }

    private Picker pickerOrDefault() {
        if (picker != null) {
            return picker;
        }
        return defaultPicker != null ? defaultPicker : DefaultProfile.picker();
    }
}

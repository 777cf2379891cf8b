package io.weir.picker.setup;

import io.weir.picker.PickerSettings;
import io.weir.picker.builtin.BuiltInPlugins;
import io.weir.picker.plugin.Profile;

import java.util.List;

/**
 * A picker's configuration, read.
 *
 * @param profile what judges the endpoints
 * @param warnings what was written and has no effect, as {@code field: reason}
 */
public record PickerConfig(Profile profile, List<String> warnings) {

    public PickerConfig {
        warnings = List.copyOf(warnings);
    }

    /**
     * Reads a configuration that may use the built-in plugins.
     *
     * @throws io.weir.picker.plugin.PluginException when it cannot be used; the message begins with
     *     the settings' origin
     */
    public static PickerConfig read(PickerSettings settings) {
        return new PickerConfigReader(List.of(new BuiltInPlugins())).read(settings);
    }
}

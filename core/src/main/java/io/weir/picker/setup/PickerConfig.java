package io.weir.picker.setup;

import io.weir.picker.PickerSettings;
import io.weir.picker.builtin.BuiltInPlugins;
import io.weir.picker.builtin.DefaultProfile;
import io.weir.picker.plugin.Profile;
import io.weir.picker.plugin.Schedule;

import java.util.List;

/**
 * A picker's configuration, read.
 *
 * @param schedule what judges requests and endpoints
 * @param flowControl how requests wait
 * @param dataLayer where values of endpoints come from
 * @param loadMatters whether a plugin looks at what servers say of their load
 * @param parsers types of the parsers listed; empty when none are, for all that Weir has
 * @param warnings what was written and has no effect, as {@code field: reason}
 */
public record PickerConfig(
        Schedule schedule,
        FlowControlSettings flowControl,
        DataLayerSettings dataLayer,
        boolean loadMatters,
        List<String> parsers,
        List<String> warnings) {

    public PickerConfig {
        parsers = List.copyOf(parsers);
        warnings = List.copyOf(warnings);
    }

    /** Returns Weir's own configuration: its default profile, no queues. */
    public static PickerConfig standard() {
        return new PickerConfig(
                Schedule.of(DefaultProfile.create()),
                FlowControlSettings.OFF,
                DataLayerSettings.DEFAULT,
                true,
                List.of(),
                List.of());
    }

    /** Returns what the servers are asked for. */
    public ScrapePlan scrapePlan() {
        return ScrapePlan.of(dataLayer, loadMatters);
    }

    /** Returns how many endpoints a proxy is to be told, in order. */
    public int mostEndpoints() {
        return schedule.profiles().stream().mapToInt(Profile::mostEndpoints).max().orElse(1);
    }

    /** Returns the first profile. */
    public Profile profile() {
        return schedule.profile(0);
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

package io.weir.picker.setup;

import io.weir.picker.builtin.DefaultProfile;
import io.weir.picker.plugin.Filter;
import io.weir.picker.plugin.Picker;
import io.weir.picker.plugin.Plugin;
import io.weir.picker.plugin.PluginException;
import io.weir.picker.plugin.PluginFactory;
import io.weir.picker.plugin.PrefixProducer;
import io.weir.picker.plugin.Profile;
import io.weir.picker.plugin.Profile.Weighted;
import io.weir.picker.plugin.SaturationDetector;
import io.weir.picker.plugin.Scorer;
import io.weir.picker.prefix.PrefixSettings;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One EndpointPickerConfig document on its way to a profile. */
final class PickerConfigDocument {

    private static final String KIND = "EndpointPickerConfig";
    private static final Set<String> API_VERSIONS =
            Set.of("llm-d.ai/v1alpha1", "inference.networking.x-k8s.io/v1alpha1");
    private static final Set<String> GATES =
            Set.of(
                    "flowControl",
                    "haPopulateNonLeaderDatastore",
                    "dataLayer",
                    "prepareDataPlugins",
                    "enableLegacyMetrics");
    private static final Set<String> WITHOUT_EFFECT =
            Set.of("dataLayer", "flowControl", "requestHandler", "parser");

    private final YamlMap document;
    private final PluginSet plugins;
    private final List<String> warnings = new ArrayList<>();

    PickerConfigDocument(Map<?, ?> document, Map<String, PluginFactory> factories) {
        this.document = new YamlMap("", document);
        this.plugins = new PluginSet(this.document.maps("plugins"), factories, warnings);
    }

    PickerConfig read() {
        requireOneOf("apiVersion", API_VERSIONS);
        requireOneOf("kind", Set.of(KIND));
        readGates();
        plugins.createAll();
        SaturationDetector detector = detector();
        Profile profile = profile(detector);
        for (String field : WITHOUT_EFFECT) {
            if (document.has(field)) {
                document.skip(field);
                warnings.add(field + ": has no effect on the built-in picker yet");
            }
        }
        document.requireAllRead();
        return new PickerConfig(profile, warnings);
    }

    private void requireOneOf(String field, Set<String> expected) {
        String value = document.text(field);
        if (value == null || !expected.contains(value)) {
            throw PluginException.on(field, value + " (expected: " + oneOf(expected) + ")");
        }
    }

    private void readGates() {
        for (String gate : document.texts("featureGates")) {
            String[] parts = gate.split("=", 2);
            boolean wellFormed = parts.length == 1 || Set.of("true", "false").contains(parts[1]);
            if (!wellFormed || !GATES.contains(parts[0])) {
                throw PluginException.on(
                        "featureGates",
                        "\"%s\" (expected: %s, with =true or =false)"
                                .formatted(gate, oneOf(GATES)));
            }
            if (parts[0].equals("flowControl") && !gate.endsWith("=false")) {
                warnings.add("featureGates: flowControl has no effect on the built-in picker yet");
            }
        }
    }

    private SaturationDetector detector() {
        YamlMap reference = document.map("saturationDetector");
        YamlMap flowControl = document.map("flowControl");
        if (reference == null && flowControl != null) {
            reference = flowControl.map("saturationDetector");
        }
        if (reference == null) {
            return DefaultProfile.detector();
        }
        String name = reference.requiredText("pluginRef");
        if (plugins.get(reference.field("pluginRef"), name) instanceof SaturationDetector found) {
            return found;
        }
        throw PluginException.on(
                reference.field("pluginRef"), name + " (expected: a saturation detector)");
    }

    private Profile profile(SaturationDetector detector) {
        List<YamlMap> profiles = document.maps("schedulingProfiles");
        if (profiles.isEmpty()) {
            return new ProfileParts("default").addAll(plugins.standalone()).build(detector);
        }
        if (profiles.size() > 1) {
            throw PluginException.on(
                    "schedulingProfiles",
                    profiles.size() + " profiles (expected: 1, several are not supported yet)");
        }
        YamlMap profile = profiles.getFirst();
        ProfileParts parts = new ProfileParts(profile.requiredText("name"));
        for (YamlMap entry : profile.maps("plugins")) {
            String field = entry.field("pluginRef");
            Plugin plugin = plugins.get(field, entry.requiredText("pluginRef"));
            parts.add(field, plugin, entry.number("weight", 1));
            entry.requireAllRead();
        }
        profile.requireAllRead();
        return parts.build(detector);
    }

    private static String oneOf(Set<String> values) {
        return String.join(" or ", values.stream().sorted().toList());
    }

    /** The plugins of one profile by what they are. */
    private final class ProfileParts {

        private final String name;
        private final List<Filter> filters = new ArrayList<>();
        private final List<Weighted> scorers = new ArrayList<>();
        private @Nullable Picker picker;

        ProfileParts(String name) {
            this.name = name;
        }

        ProfileParts addAll(List<Plugin> all) {
            for (Plugin plugin : all) {
                boolean isDetector = plugin instanceof SaturationDetector;
                boolean isSecondPicker = plugin instanceof Picker && picker != null;
                if (!isDetector && !isSecondPicker) {
                    add("plugins", plugin, 1);
                }
            }
            return this;
        }

        void add(String field, Plugin plugin, double weight) {
            if (!(weight >= 0) || Double.isInfinite(weight)) {
                throw PluginException.on(field, "weight " + weight + " (expected: >= 0)");
            }
            if (plugin instanceof Filter filter) {
                filters.add(filter);
            } else if (plugin instanceof Scorer scorer) {
                scorers.add(new Weighted(scorer, weight));
            } else if (plugin instanceof Picker one) {
                if (picker != null) {
                    throw PluginException.on(field, "a second picker (expected: one at most)");
                }
                picker = one;
            }
        }

        Profile build(SaturationDetector detector) {
            return new Profile(name, filters, scorers, pickerOrDefault(), prefixes(), detector);
        }

        private Picker pickerOrDefault() {
            if (picker != null) {
                return picker;
            }
            for (Plugin plugin : plugins.all()) {
                if (plugin instanceof Picker one) {
                    return one;
                }
            }
            return DefaultProfile.picker();
        }

        private @Nullable PrefixSettings prefixes() {
            PrefixSettings asked = null;
            for (Weighted scorer : scorers) {
                asked = asked != null ? asked : scorer.scorer().prefixSettings().orElse(null);
            }
            for (Filter filter : filters) {
                asked = asked != null ? asked : filter.prefixSettings().orElse(null);
            }
            return asked == null ? null : produced(asked);
        }

        private PrefixSettings produced(PrefixSettings asked) {
            for (Plugin plugin : plugins.all()) {
                if (plugin instanceof PrefixProducer(PrefixSettings settings)) {
                    return settings;
                }
            }
            return asked;
        }
    }
}

package io.weir.picker.setup;

import io.weir.picker.plugin.Parser;
import io.weir.picker.plugin.Plugin;
import io.weir.picker.plugin.PluginException;
import io.weir.picker.plugin.PluginFactory;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One EndpointPickerConfig document on its way to a configuration. */
final class PickerConfigDocument {

    private static final String KIND = "EndpointPickerConfig";
    private static final Set<String> API_VERSIONS =
            Set.of("llm-d.ai/v1", "llm-d.ai/v1alpha1", "inference.networking.x-k8s.io/v1alpha1");
    private static final Set<String> GATES =
            Set.of(
                    "flowControl",
                    "haPopulateNonLeaderDatastore",
                    "dataLayer",
                    "prepareDataPlugins",
                    "enableLegacyMetrics");

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
        boolean queues = readGates();
        plugins.createAll();
        FlowControlSection flow = new FlowControlSection(document, plugins, warnings);
        ProfilesSection profiles = new ProfilesSection(document, plugins, flow.detector());
        PickerConfig config =
                new PickerConfig(
                        profiles.schedule(),
                        flow.settings(queues),
                        new DataLayerSection(document, plugins, warnings).settings(),
                        queues || plugins.all().stream().anyMatch(Plugin::readsServerLoad),
                        parsers(),
                        warnings);
        document.requireAllRead();
        return config;
    }

    private void requireOneOf(String field, Set<String> expected) {
        String value = document.text(field);
        if (value == null || !expected.contains(value)) {
            throw PluginException.on(field, value + " (expected: " + oneOf(expected) + ")");
        }
    }

    /** Returns whether flow control is switched on. */
    private boolean readGates() {
        boolean queues = false;
        for (String gate : document.texts("featureGates")) {
            String[] parts = gate.split("=", 2);
            boolean wellFormed = parts.length == 1 || Set.of("true", "false").contains(parts[1]);
            if (!wellFormed || !GATES.contains(parts[0])) {
                throw PluginException.on(
                        "featureGates",
                        "\"%s\" (expected: %s, with =true or =false)"
                                .formatted(gate, oneOf(GATES)));
            }
            if (parts[0].equals("flowControl")) {
                queues = !gate.endsWith("=false");
            }
        }
        return queues;
    }

    private List<String> parsers() {
        List<YamlMap> references = new ArrayList<>();
        YamlMap single = document.map("parser");
        if (single != null) {
            references.add(single);
        }
        YamlMap handler = document.map("requestHandler");
        if (handler != null) {
            references.addAll(handler.maps("parsers"));
            handler.requireAllRead();
        }
        List<String> types = new ArrayList<>();
        for (YamlMap reference : references) {
            Parser parser = plugins.require(reference, Parser.class, "a parser");
            if (!types.contains(parser.type())) {
                types.add(parser.type());
            }
        }
        return types;
    }

    private static String oneOf(Set<String> values) {
        return String.join(" or ", values.stream().sorted().toList());
    }
}

package io.weir.picker.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.picker.PickerSettings;
import io.weir.picker.plugin.PluginException;
import io.weir.picker.prefix.PrefixSettings;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.stream.Stream;

class PickerConfigTest {

    private static final String HEAD =
            """
            apiVersion: llm-d.ai/v1alpha1
            kind: EndpointPickerConfig
            """;

    @Test
    void noTextIsTheDefaultProfile() {
        // When
        PickerConfig config = PickerConfig.read(PickerSettings.DEFAULT);

        // Then
        assertThat(config.profile().name()).isEqualTo("default");
        assertThat(config.warnings()).isEmpty();
    }

    @Test
    void theDecisionTreeOfTheOldInferenceModelGuideLoads() throws IOException {
        assertThat(PickerConfig.read(resource("decision-tree.yaml")).warnings()).isEmpty();
    }

    @Test
    void theScorersOfTheOldInferenceModelGuideLoadWithTheirBlockSize() throws IOException {
        // When
        PickerConfig config = PickerConfig.read(resource("scorers-legacy.yaml"));

        // Then
        assertThat(config.profile().prefixSettings())
                .isEqualTo(new PrefixSettings(64, 256, 31_250, true));
    }

    @Test
    void aDocumentOfTheNewGroupLoads() {
        // When
        PickerConfig config =
                read(
                        HEAD
                                + """
                                plugins:
                                - type: prefix-cache-scorer
                                - type: approx-prefix-cache-producer
                                  parameters: {blockSizeTokens: 32, maxPrefixTokensToMatch: 3200}
                                - name: queue
                                  type: queue-scorer
                                - type: single-profile-handler
                                - type: max-score-picker
                                  parameters: {maxNumOfEndpoints: 3}
                                - type: utilization-detector
                                  parameters: {queueDepthThreshold: 9}
                                schedulingProfiles:
                                - name: mine
                                  plugins:
                                  - pluginRef: queue
                                    weight: 2.5
                                  - pluginRef: prefix-cache-scorer
                                  - pluginRef: max-score-picker
                                saturationDetector: {pluginRef: utilization-detector}
                                """);

        // Then
        assertThat(config.profile().name()).isEqualTo("mine");
        assertThat(config.profile().prefixSettings())
                .isEqualTo(new PrefixSettings(128, 100, 31_250, true));
        assertThat(config.warnings()).isEmpty();
    }

    @Test
    void aDocumentWithoutProfilesUsesAllItsPlugins() {
        assertThat(read(HEAD + "plugins: [{type: prefix-cache-scorer}]").profile().prefixSettings())
                .isEqualTo(PrefixSettings.DEFAULT);
        assertThat(read(HEAD + "plugins: [{type: queue-scorer}]").profile().prefixSettings())
                .isNull();
    }

    @Test
    void whatHasNoEffectIsTold() {
        // When
        PickerConfig config =
                read(
                        HEAD
                                + """
                                plugins:
                                - type: load-aware-scorer
                                - type: inflight-load-producer
                                  parameters: {syncCrossReplicaState: true}
                                dataLayer: {peerDiscovery: {pluginRef: load-aware-scorer}}
                                flowControl: {maxBytes: 10Gi}
                                """);

        // Then
        assertThat(config.warnings())
                .anyMatch(warning -> warning.startsWith("plugins[1].parameters.syncCross"))
                .anyMatch(warning -> warning.startsWith("dataLayer.peerDiscovery: "))
                .anyMatch(warning -> warning.startsWith("flowControl: "));
    }

    @Test
    void theMessageNamesTheOriginTheFieldTheTypeAndTheKnownTypes() {
        // Given
        var settings =
                new PickerSettings(HEAD + "plugins:\n- type: queue-score\n", "ConfigMap a/b");

        // Then
        assertThatThrownBy(() -> PickerConfig.read(settings))
                .isInstanceOf(PluginException.class)
                .hasMessageStartingWith(
                        "ConfigMap a/b:4: plugins[0].type: \"queue-score\" (expected:")
                .hasMessageContaining("kv-cache-utilization-scorer, ")
                .hasMessageContaining("queue-scorer");
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource
    void theMessageBeginsWithFileAndLine(String text, String message) {
        var settings = new PickerSettings(HEAD + text, "picker.yaml");
        assertThatThrownBy(() -> PickerConfig.read(settings))
                .hasMessageStartingWith("picker.yaml:" + message);
    }

    static Stream<Arguments> theMessageBeginsWithFileAndLine() {
        return Stream.of(
                wrong(
                        "plugins:\n- type: queue-scorer\n  parameters:\n    magic: 1",
                        "6: plugins[0].parameters.magic: unknown parameter"),
                wrong(
                        "plugins:\n- type: load-aware-scorer\n  parameters: {threshold: -1}",
                        "5: plugins[0].parameters.threshold: -1 (expected: an integer >= 1)"),
                wrong("plugins:\n- name: a", "4: plugins[0].type: is missing"),
                wrong("\nmagic: 1", "4: magic: unknown field"),
                wrong("plugins: []\nfeatureGates: [a]", "4: featureGates: \"a\""),
                wrong("a.b: 1", "3: a.b: unknown field"),
                wrong("plugins: [\n", "4: not YAML"),
                wrong("plugins:\n\t- type: queue-scorer", "4: not YAML"));
    }

    @Test
    void whatIsNoObjectIsToldOnTheFirstLine() {
        assertThatThrownBy(() -> PickerConfig.read(new PickerSettings("", "picker.yaml")))
                .hasMessageStartingWith("picker.yaml:1: not an object");
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource
    void wrongDocumentsAreRefused(String text, String message) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(PluginException.class)
                .hasMessageContaining(message);
    }

    static Stream<Arguments> wrongDocumentsAreRefused() {
        return Stream.of(
                wrong("{", "not YAML"),
                wrong("- a", "not an object"),
                wrong("kind: EndpointPickerConfig", "apiVersion: null"),
                wrong("apiVersion: llm-d.ai/v1alpha1\nkind: Other", "kind: Other"),
                wrong(HEAD + "plugin: []", "plugin: unknown field"),
                wrong(HEAD + "plugins: {}", "plugins: not a list"),
                wrong(HEAD + "plugins: [{name: a}]", "plugins[0].type: is missing"),
                wrong(
                        HEAD + "plugins: [{type: queue-scorer}, {type: queue-scorer}]",
                        "plugins[1].name: queue-scorer (expected: used once)"),
                wrong(
                        HEAD + "plugins: [{type: queue-scorer, parameters: {a: 1}}]",
                        "plugins[0].parameters.a: unknown parameter (expected: none)"),
                wrong(
                        HEAD + "plugins: [{type: low-queue-filter, parameters: {threshold: -1}}]",
                        "plugins[0].parameters.threshold: -1 (expected: an integer >= 0)"),
                wrong(
                        HEAD
                                + "plugins: [{type: lora-affinity-filter, parameters: {threshold: 2}}]",
                        "threshold: 2 (expected: a number 0.0..1.0)"),
                wrong(HEAD + "featureGates: [magic]", "featureGates: \"magic\""),
                wrong(
                        HEAD + "featureGates: [flowControl=yes]",
                        "featureGates: \"flowControl=yes\""),
                wrong(HEAD + "schedulingProfiles: [{plugins: []}]", "[0].name: is missing"),
                wrong(
                        HEAD + "schedulingProfiles: [{name: a}, {name: b}]",
                        "schedulingProfiles: 2 profiles (expected: 1, or a profile handler)"),
                wrong(profile("{weight: 1}"), "plugins[0].pluginRef: is missing"),
                wrong(profile("{pluginRef: nobody}"), "plugins[0].pluginRef: \"nobody\""),
                wrong(
                        profile("{pluginRef: queue-scorer, weight: -1}"),
                        "schedulingProfiles[0].plugins[0].weight: -1.0"),
                wrong(
                        profile("{pluginRef: random-picker}, {pluginRef: max-score-picker}"),
                        "plugins[1].pluginRef: a second picker"),
                wrong(HEAD + "saturationDetector: {}", "saturationDetector.pluginRef: is missing"),
                wrong(
                        HEAD
                                + "plugins: [{type: queue-scorer}]\n"
                                + "saturationDetector: {pluginRef: queue-scorer}",
                        "queue-scorer (expected: a saturation detector)"),
                wrong(
                        tree("a", "{current: {pluginRef: a}}"),
                        "current.pluginRef: a refers to itself"),
                wrong(tree("a", "{}"), "parameters.current: is missing"),
                wrong(
                        tree("a", "{current: {pluginRef: queue-scorer}}"),
                        "current.pluginRef: queue-scorer (expected: a filter)"));
    }

    private static Arguments wrong(String text, String message) {
        return Arguments.of(text, message);
    }

    private static String profile(String plugins) {
        return HEAD
                + "plugins: [{type: queue-scorer}, {type: random-picker}, {type: max-score-picker}]\n"
                + "schedulingProfiles: [{name: a, plugins: ["
                + plugins
                + "]}]";
    }

    private static String tree(String name, String parameters) {
        return HEAD
                + "plugins: [{type: queue-scorer}, {type: decision-tree-filter, name: "
                + name
                + ", parameters: "
                + parameters
                + "}]";
    }

    private static PickerConfig read(String text) {
        return PickerConfig.read(new PickerSettings(text, ""));
    }

    private static PickerSettings resource(String name) throws IOException {
        try (InputStream in = PickerConfigTest.class.getResourceAsStream(name)) {
            byte[] text = Objects.requireNonNull(in).readAllBytes();
            return new PickerSettings(new String(text, StandardCharsets.UTF_8), name);
        }
    }
}

package io.weir.picker.setup;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.picker.PickerSettings;
import io.weir.picker.plugin.DataPlugin.GpuSource;
import io.weir.picker.plugin.DataPlugin.Page;
import io.weir.picker.plugin.Profile;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Set-ups that guides of the reference are about: each starts, and has the profiles and whatever
 * matches prefixes that it needs without saying so.
 */
class WellKnownConfigsTest {

    private static final String HEAD =
            """
            apiVersion: llm-d.ai/v1alpha1
            kind: EndpointPickerConfig
            """;

    private static final String OPTIMIZED_BASELINE =
            """
            plugins:
            - {type: queue-scorer}
            - {type: kv-cache-utilization-scorer}
            - {type: prefix-cache-scorer}
            - {type: no-hit-lru-scorer, parameters: {lruSize: 2048}}
            - {type: single-profile-handler}
            - {type: max-score-picker}
            schedulingProfiles:
            - name: default
              plugins:
              - {pluginRef: queue-scorer, weight: 2}
              - {pluginRef: kv-cache-utilization-scorer, weight: 2}
              - {pluginRef: prefix-cache-scorer, weight: 3}
              - {pluginRef: no-hit-lru-scorer, weight: 2}
              - {pluginRef: max-score-picker}
            """;

    private static final String TIERED_PREFIX_CACHE =
            """
            plugins:
            - {type: queue-scorer}
            - {type: kv-cache-utilization-scorer}
            - name: gpu
              type: approx-prefix-cache-producer
            - name: cpu
              type: approx-prefix-cache-producer
              parameters: {autoTune: false, lruCapacityPerServer: 41000}
            - name: gpu-prefix
              type: prefix-cache-scorer
              parameters: {prefixMatchInfoProducerName: gpu}
            - name: cpu-prefix
              type: prefix-cache-scorer
              parameters: {prefixMatchInfoProducerName: cpu}
            schedulingProfiles:
            - name: default
              plugins:
              - {pluginRef: queue-scorer, weight: 2}
              - {pluginRef: kv-cache-utilization-scorer, weight: 2}
              - {pluginRef: gpu-prefix, weight: 1}
              - {pluginRef: cpu-prefix, weight: 1}
            """;

    private static final String PREFILL_DECODE =
            """
            plugins:
            - {type: prefill-filter}
            - {type: decode-filter}
            - {type: prefix-cache-affinity-filter}
            - {type: inflight-load-producer}
            - {type: token-load-scorer}
            - {type: active-request-scorer}
            - {type: prefix-based-pd-decider, parameters: {nonCachedTokens: 512}}
            - type: disagg-profile-handler
              parameters: {deciders: {prefill: prefix-based-pd-decider}}
            schedulingProfiles:
            - name: prefill
              plugins:
              - {pluginRef: prefill-filter}
              - {pluginRef: prefix-cache-affinity-filter}
              - {pluginRef: token-load-scorer}
            - name: decode
              plugins:
              - {pluginRef: decode-filter}
              - {pluginRef: active-request-scorer}
            """;

    private static final String WIDE_EXPERTS =
            """
            plugins:
            - {type: random-picker, parameters: {maxNumOfEndpoints: 1}}
            - {type: prefill-filter}
            - {type: decode-filter}
            - {type: always-disagg-pd-decider}
            - type: disagg-profile-handler
              parameters: {deciders: {prefill: always-disagg-pd-decider}}
            schedulingProfiles:
            - {name: prefill, plugins: [{pluginRef: prefill-filter}, {pluginRef: random-picker}]}
            - {name: decode, plugins: [{pluginRef: decode-filter}, {pluginRef: random-picker}]}
            """;

    private static final String FLOW_CONTROL =
            """
            featureGates: [flowControl]
            plugins:
            - {type: queue-scorer}
            - {type: round-robin-fairness-policy}
            - {type: slo-deadline-ordering-policy}
            - {type: utilization-detector, parameters: {queueDepthThreshold: 5}}
            flowControl:
              saturationDetector: {pluginRef: utilization-detector}
              maxBytes: 8Gi
              defaultRequestTTL: 30s
              defaultPriorityBand: {fairnessPolicyRef: round-robin-fairness-policy}
              priorityBands:
              - {priority: 100, orderingPolicyRef: slo-deadline-ordering-policy}
              - {priority: -1, orderingPolicyRef: fcfs-ordering-policy, maxRequests: 100}
            """;

    private static final String PREDICTED_LATENCY =
            """
            plugins:
            - {type: prefix-cache-scorer}
            - {type: predicted-latency-producer, parameters: {streamingMode: true}}
            - {type: latency-slo-admitter}
            - name: strict
              type: prefix-cache-affinity-filter
              parameters: {affinityThreshold: 0.99, ttftSource: latencyPredictor, maxTTFTPenaltyMs: 5000}
            - {type: slo-headroom-tier-filter}
            - name: loose
              type: prefix-cache-affinity-filter
              parameters: {ttftSource: latencyPredictor}
            - {type: latency-scorer}
            - {type: weighted-random-picker}
            schedulingProfiles:
            - name: default
              plugins:
              - {pluginRef: strict}
              - {pluginRef: slo-headroom-tier-filter}
              - {pluginRef: loose}
              - {pluginRef: latency-scorer}
              - {pluginRef: weighted-random-picker}
            """;

    private static final String PAYLOAD_AGNOSTIC =
            """
            plugins:
            - {type: passthrough-parser}
            - {type: queue-scorer}
            - {type: session-affinity-scorer}
            requestHandler: {parsers: [{pluginRef: passthrough-parser}]}
            schedulingProfiles:
            - name: default
              plugins:
              - {pluginRef: queue-scorer}
              - {pluginRef: session-affinity-scorer, weight: 2}
            """;

    private static final String FORMER_PREFILL_DECODE =
            """
            plugins:
            - {type: prefill-header-handler}
            - {type: prefix-cache-scorer, parameters: {maxPrefixBlocksToMatch: 256}}
            - {type: prefill-filter}
            - {type: decode-filter}
            - {type: prefix-based-pd-decider, parameters: {nonCachedTokens: 16}}
            - type: pd-profile-handler
              parameters: {primaryPort: 0, deciderPluginName: prefix-based-pd-decider}
            schedulingProfiles:
            - {name: prefill, plugins: [{pluginRef: prefill-filter}, {pluginRef: prefix-cache-scorer}]}
            - {name: decode, plugins: [{pluginRef: decode-filter}, {pluginRef: prefix-cache-scorer}]}
            """;

    private static final String TOPOLOGY =
            """
            plugins:
            - {type: prefill-filter}
            - {type: decode-filter}
            - {type: endpoint-notification-source}
            - {type: topology-extractor}
            - {type: topology-affinity-filter, parameters: {minAffinity: zone}}
            - {type: topology-affinity-scorer}
            - {type: disagg-profile-handler, parameters: {stageOrder: prefill-first}}
            dataLayer:
              sources:
              - pluginRef: endpoint-notification-source
                extractors: [{pluginRef: topology-extractor}]
            schedulingProfiles:
            - {name: prefill, plugins: [{pluginRef: prefill-filter}]}
            - name: decode
              plugins:
              - {pluginRef: decode-filter}
              - {pluginRef: topology-affinity-filter}
              - {pluginRef: topology-affinity-scorer}
            """;

    private static final String THREE_STAGES =
            """
            plugins:
            - {type: encode-filter}
            - {type: prefill-filter}
            - {type: decode-filter}
            - {type: always-disagg-multimodal-decider}
            - {type: always-disagg-pd-decider}
            - type: disagg-profile-handler
              parameters:
                deciders:
                  encode: always-disagg-multimodal-decider
                  prefill: always-disagg-pd-decider
            schedulingProfiles:
            - {name: encode, plugins: [{pluginRef: encode-filter}]}
            - {name: prefill, plugins: [{pluginRef: prefill-filter}]}
            - {name: decode, plugins: [{pluginRef: decode-filter}]}
            """;

    private static final String GPU_USE =
            """
            plugins:
            - {name: exporter, type: dcgm-data-source, parameters: {useNodeAddress: true}}
            - {type: dcgm-extractor}
            - type: endpoint-attribute-scorer
              parameters:
                attributeKey: GPUUtilization
                producer: dcgm-extractor
                algorithm:
                  type: linear_lower_is_better
                  normalization: {fixedRange: {min: 0.0, max: 1.0}}
            - {type: kv-cache-utilization-scorer}
            dataLayer:
              sources: [{pluginRef: exporter, extractors: [{pluginRef: dcgm-extractor}]}]
            schedulingProfiles:
            - name: default
              plugins:
              - {pluginRef: endpoint-attribute-scorer, weight: 2.0}
              - {pluginRef: kv-cache-utilization-scorer, weight: 1.0}
            """;

    static Stream<Arguments> configs() {
        List<String> pair = List.of("prefill", "decode");
        return Stream.of(
                config("optimized-baseline", OPTIMIZED_BASELINE, true, List.of("default")),
                config("tiered-prefix-cache-cpu", TIERED_PREFIX_CACHE, true, List.of("default")),
                config("pd-disaggregation", PREFILL_DECODE, true, pair),
                config("wide-ep-lws", WIDE_EXPERTS, false, pair),
                config("flow-control", FLOW_CONTROL, false, List.of("default")),
                config("predicted-latency-slo", PREDICTED_LATENCY, true, List.of("default")),
                config("payload-agnostic", PAYLOAD_AGNOSTIC, false, List.of("default")),
                config("deprecatedPd", FORMER_PREFILL_DECODE, true, pair),
                config("pdTopology", TOPOLOGY, false, pair),
                config("epd", THREE_STAGES, false, List.of("encode", "prefill", "decode")),
                config(
                        "wide-ep-lws-experimental-dp-aware",
                        """
                        plugins:
                        - {type: data-parallel-profile-handler, parameters: {primaryPort: 8000}}
                        - {type: decode-filter}
                        """,
                        false,
                        List.of("default")),
                config("gpuUtil", GPU_USE, false, List.of("default")),
                config("decodeOnly", "plugins: [{type: decode-filter}]", false, List.of("default")),
                config(
                        "simple",
                        "plugins: [{type: prefix-cache-scorer}]",
                        true,
                        List.of("default")));
    }

    private static Arguments config(
            String name, String text, boolean matchesPrefixes, List<String> profiles) {
        return Arguments.of(name, text, matchesPrefixes, profiles);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("configs")
    void starts(String name, String text, boolean matchesPrefixes, List<String> profiles) {
        PickerConfig config = PickerConfig.read(new PickerSettings(HEAD + text, name));
        assertThat(config.schedule().profiles().stream().map(Profile::name).toList())
                .isEqualTo(profiles);
        assertThat(config.schedule().prefixSettings() != null).isEqualTo(matchesPrefixes);
    }

    @Test
    void whatIsLeftOutOfTheBaselineIsPutThere() {
        PickerConfig config = PickerConfig.read(new PickerSettings(HEAD + OPTIMIZED_BASELINE, ""));
        assertThat(config.scrapePlan().metrics()).isEqualTo(DataLayerSettings.METRICS);
        assertThat(config.warnings()).isEmpty();
    }

    @Test
    void exportersAreAskedBesideTheServersTheirMetricsAndTheirModels() {
        var plan = PickerConfig.read(new PickerSettings(HEAD + GPU_USE, "")).scrapePlan();
        assertThat(plan.metrics()).isEqualTo(DataLayerSettings.METRICS);
        assertThat(plan.models()).isEqualTo(DataLayerSettings.MODELS);
        assertThat(plan.gpus())
                .isEqualTo(new GpuSource(new Page(Optional.empty(), "/metrics", 9400), true, null));
    }
}

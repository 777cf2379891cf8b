package io.weir.picker.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.picker.PickerSettings;
import io.weir.picker.plugin.DataPlugin.CacheMetrics;
import io.weir.picker.plugin.DataPlugin.CoreMetrics;
import io.weir.picker.plugin.DataPlugin.MetricSpec;
import io.weir.picker.plugin.DataPlugin.MetricsSource;
import io.weir.picker.plugin.DataPlugin.ModelsSource;
import io.weir.picker.plugin.FlowPolicy.Fairness;
import io.weir.picker.plugin.FlowPolicy.Ordering;
import io.weir.picker.plugin.FlowPolicy.UsageLimit;
import io.weir.picker.plugin.PluginException;
import io.weir.picker.plugin.Profile;
import io.weir.picker.prefix.EventSource;
import io.weir.picker.setup.FlowControlSettings.Band;
import io.weir.picker.tokens.Tokenizing;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** The sections of a document besides its plugins, as the reference picker's loader tests them. */
class PickerSectionsTest {

    private static final String HEAD =
            """
            apiVersion: llm-d.ai/v1alpha1
            kind: EndpointPickerConfig
            """;

    @Test
    void policiesThatAreInForceByThemselvesNeedNotBeListedToBeNamed() {
        // When
        PickerConfig config =
                read(
                        """
                        featureGates: [flowControl]
                        flowControl:
                          usageLimitPolicyPluginRef: static-usage-limit-policy
                          saturationDetector: {pluginRef: utilization-detector}
                          priorityBands:
                          - priority: 1
                            fairnessPolicyRef: global-strict-fairness-policy
                            orderingPolicyRef: fcfs-ordering-policy
                        """);

        // Then
        assertThat(config.flowControl())
                .isEqualTo(
                        read("""
                        featureGates: [flowControl]
                        flowControl: {priorityBands: [{priority: 1}]}
                        """)
                                .flowControl());
    }

    @Test
    void enginesMayHaveTheSizeOfTheCacheInLabelsOrValuesOfTheirOwn() {
        // When
        PickerConfig config =
                read(
                        """
                        plugins:
                        - type: core-metrics-extractor
                          parameters:
                            engineConfigs:
                            - name: mine
                              queuedRequestsSpec: mine_queue
                              loraSpec: ""
                              cacheInfoSpec: mine_cache
                              cacheBlockSizeLabelName: page_size
                              cacheNumBlocksLabelName: num_pages
                              cacheBlockSizeSpec: mine_block_tokens
                              cacheNumBlocksSpec: mine_blocks{kind=gpu}
                        """);

        // Then
        var engine = Objects.requireNonNull(config.scrapePlan().core().engines().get("mine"));
        assertThat(engine.lora()).isNull();
        assertThat(engine.cache())
                .isEqualTo(
                        new CacheMetrics(
                                new MetricSpec("mine_cache", Map.of()),
                                "page_size",
                                "num_pages",
                                new MetricSpec("mine_block_tokens", Map.of()),
                                new MetricSpec("mine_blocks", Map.of("kind", "gpu"))));
    }

    @Test
    void theOlderPreciseScorerSaysWhereServersTellOfTheirCaches() {
        // When
        PickerConfig config =
                read(
                        """
                        plugins:
                        - type: precise-prefix-cache-scorer
                          parameters:
                            tokenProcessorConfig: {blockSize: 64, hashSeed: "42"}
                            kvEventsConfig: {podDiscoveryConfig: {socketPort: 5600}}
                        """);

        // Then
        assertThat(config.scrapePlan().events()).isEqualTo(new EventSource(5600, 0, "kv@", 64 * 4));
        assertThat(config.schedule().tokenizing()).isEqualTo(Tokenizing.DEFAULT);
        assertThat(config.profile().prefixSettings()).isNotNull();
    }

    @Test
    void theOlderPreciseScorerWorksWithTheProducerBesideIt() {
        // When
        PickerConfig config =
                read(
                        """
                        plugins:
                        - type: precise-prefix-cache-scorer
                        - type: precise-prefix-cache-producer
                          parameters: {kvEventsConfig: {podDiscoveryConfig: {socketPort: 5601}}}
                        """);

        // Then
        assertThat(config.scrapePlan().events()).isEqualTo(new EventSource(5601, 0, "kv@", 64));
    }

    @Test
    void aFileMayNameTheEndpoints() {
        assertThat(
                        read("""
                        plugins:
                        - type: file-discovery
                          parameters: {path: /etc/endpoints.yaml, watchFile: true}
                        dataLayer: {discovery: {pluginRef: file-discovery}}
                        """)
                                .dataLayer()
                                .endpointsFile())
                .isEqualTo("/etc/endpoints.yaml");
    }

    @ParameterizedTest
    @CsvSource({
        "{type: max-score-picker}, 1",
        "'{type: random-picker, parameters: {maxNumOfEndpoints: 3}}', 3",
        "'{type: max-score-picker, parameters: {maxNumOfEndpoints: -2}}', 1"
    })
    void thePickerSaysHowManyEndpointsAreTold(String plugin, int most) {
        assertThat(read("plugins: [" + plugin + "]").mostEndpoints()).isEqualTo(most);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{type: active-request-scorer, parameters: {requestTimeout: 2m}}",
                "{type: slo-headroom-tier-filter,"
                        + " parameters: {latencyPredictionInfoProducerName: ''}}",
                "{type: utilization-filter, parameters: {inFlightLoadProducerName: x,"
                        + " conditions: [{metric: active-requests, maxValue: 3}]}}",
                "{type: no-hit-lru-scorer, parameters: {prefixPluginType: a, prefixPluginName: b}}",
                "{type: predicted-latency-producer, parameters: {sloBufferFactor: 0.9,"
                        + " contextTTL: 5m, samplingMean: 1000, streamingMode: true}}",
                "{type: token-producer, parameters: {modelName: m, vllm: {http: 'http://a:1'}}}",
                "{type: token-producer, parameters: {estimate: {image: {mode: static}}}}"
            })
    void parametersOfTheReferenceAreTaken(String plugin) {
        assertThat(read("plugins: [" + plugin + "]").schedule()).isNotNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{type: metrics-data-source, parameters: {insecureSkipVerify: true}}"
                        + "|plugins[0].parameters.insecureSkipVerify: has no effect",
                "{type: precise-prefix-cache-producer, parameters: {tokenProcessorConfig: {hashSeed: a}}}"
                        + "|plugins[0].parameters.tokenProcessorConfig.hashSeed: has no effect",
                "{type: utilization-detector, parameters: {metricsStalenessThreshold: 200ms}}"
                        + "|plugins[0].parameters.metricsStalenessThreshold: has no effect"
            })
    void parametersWithoutEffectAreTold(String plugin, String warning) {
        assertThat(read("plugins: [" + plugin + "]").warnings()).containsExactly(warning);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "scheme: https, clientCertPath: /a.crt|clientKeyPath: is missing",
                "scheme: https, clientKeyPath: /a.key|clientCertPath: is missing",
                "scheme: https, insecureSkipVerify: false, caCertPath: /no/such.crt"
                        + "|scheme: https: no file /no/such.crt",
                "scheme: ftp|scheme: ftp"
            })
    void certificatesOfSourcesHaveToBeThere(String parameters, String message) {
        String plugin = "{type: metrics-data-source, parameters: {" + parameters + "}}";
        assertThatThrownBy(() -> read("plugins: [" + plugin + "]"))
                .hasMessageContaining("plugins[0].parameters." + message);
    }

    private static PickerConfig read(String text) {
        return PickerConfig.read(new PickerSettings(HEAD + text, ""));
    }

    @Test
    void queuesAreOffWithTheLimitsOfTheReference() {
        // When
        FlowControlSettings flow = read("").flowControl();

        // Then
        assertThat(flow).isEqualTo(FlowControlSettings.OFF);
        assertThat(flow.requestTtl()).isEqualTo(Duration.ofSeconds(60));
        assertThat(flow.band(3))
                .isEqualTo(
                        new Band(
                                1_000_000_000,
                                5_000,
                                new Fairness.GlobalStrict(),
                                new Ordering.FirstCome()));
    }

    @Test
    void queuesAreReadWithTheirBands() {
        // When
        PickerConfig config =
                read(
                        """
                        featureGates: [flowControl]
                        plugins:
                        - {type: round-robin-fairness-policy, name: rr}
                        - {type: edf-ordering-policy}
                        - {type: slo-deadline-ordering-policy}
                        - {type: priority-holdback-policy, parameters: {minCeiling: 0.5}}
                        - {type: concurrency-detector, parameters: {maxConcurrency: 1}}
                        flowControl:
                          maxBytes: 10Gi
                          maxRequests: "2k"
                          defaultRequestTTL: 1m30s
                          enableEviction: true
                          saturationDetector: {pluginRef: concurrency-detector}
                          usageLimitPolicyPluginRef: priority-holdback-policy
                          defaultPriorityBand: {maxRequests: 7, orderingPolicyRef: edf-ordering-policy}
                          defaultNegativePriorityBand: {maxRequests: 3}
                          priorityBands:
                          - {priority: 10, maxBytes: 1500M, fairnessPolicyRef: rr}
                          - {priority: -1, maxRequests: 0, orderingPolicyRef: slo-deadline-ordering-policy}
                        """);
        FlowControlSettings flow = config.flowControl();

        // Then
        assertThat(config.warnings()).isEmpty();
        assertThat(flow.enabled()).isTrue();
        assertThat(flow.maxBytes()).isEqualTo(10L << 30);
        assertThat(flow.maxRequests()).isEqualTo(2000);
        assertThat(flow.requestTtl()).isEqualTo(Duration.ofSeconds(90));
        assertThat(flow.noEndpointRequestTtl()).isEqualTo(Duration.ofSeconds(90));
        assertThat(flow.eviction()).isTrue();
        assertThat(flow.usageLimit()).isEqualTo(new UsageLimit.PriorityHoldback(false, 0.5, 1));
        assertThat(flow.band(10).maxBytes()).isEqualTo(1_500_000_000);
        assertThat(flow.band(10).maxRequests()).isEqualTo(7);
        assertThat(flow.band(10).fairness()).isEqualTo(new Fairness.RoundRobin());
        assertThat(flow.band(10).ordering()).isEqualTo(new Ordering.EarliestDeadline());
        assertThat(flow.band(-1).maxRequests()).isEqualTo(7);
        assertThat(flow.band(-1).ordering()).isEqualTo(new Ordering.SloDeadline());
        assertThat(flow.band(-2).maxRequests()).isEqualTo(3);
    }

    @Test
    void queuesWithTheGateOffAreReadAndTold() {
        // When
        PickerConfig config = read("flowControl: {maxBytes: 1Ki}");

        // Then
        assertThat(config.flowControl().enabled()).isFalse();
        assertThat(config.warnings()).singleElement().asString().startsWith("flowControl: ");
    }

    @Test
    void aLimitThatIsZeroIsNone() {
        assertThat(read("flowControl: {defaultRequestTTL: 0s}").flowControl().requestTtl())
                .isEqualTo(Duration.ZERO);
        assertThat(read("flowControl: {maxBytes: 0}").flowControl().maxBytes()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "10Gi, 10737418240",
        "1.5Ki, 1536",
        "500M, 500000000",
        "1e3, 1000",
        "2E, 2000000000000000000",
        "100m, 1",
        "7, 7",
        "3k, 3000"
    })
    void quantitiesAreThoseOfKubernetes(String text, long value) {
        assertThat(Quantities.parse(text)).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ten", "1 Gi", "1KiB", "mi", "1mi", "--1"})
    void whatIsNoQuantityIsRefused(String text) {
        assertThat(Quantities.parse(text)).isNull();
    }

    @Test
    void metricsAndModelsAreReadByThemselves() {
        assertThat(read("").dataLayer()).isEqualTo(DataLayerSettings.DEFAULT);
    }

    @Test
    void aListedSourceReplacesTheOneOfItsKind() {
        // When
        DataLayerSettings data =
                read("""
                plugins:
                - type: metrics-data-source
                  parameters: {path: /stats, port: 9000, interval: 200ms}
                - type: core-metrics-extractor
                  parameters:
                    defaultEngine: mine
                    engineConfigs:
                    - name: mine
                      queuedRequestsSpec: "q{state=waiting, kind=\\"x\\"}"
                    customMetrics:
                    - {attributeKey: depth, metricSpec: d}
                dataLayer:
                  sources:
                  - pluginRef: metrics-data-source
                    extractors: [{pluginRef: core-metrics-extractor}]
                """)
                        .dataLayer();

        // Then
        assertThat(data.sources()).hasSize(2);
        assertThat(data.sources().getFirst().source())
                .isInstanceOfSatisfying(
                        MetricsSource.class,
                        source -> {
                            assertThat(source.page().path()).isEqualTo("/stats");
                            assertThat(source.page().port()).isEqualTo(9000);
                            assertThat(source.interval()).isEqualTo(Duration.ofMillis(200));
                        });
        assertThat(data.sources().getFirst().extractors().getFirst())
                .isInstanceOfSatisfying(
                        CoreMetrics.class,
                        core -> {
                            assertThat(Objects.requireNonNull(core.engines().get("mine")).waiting())
                                    .isEqualTo(
                                            new MetricSpec(
                                                    "q", Map.of("state", "waiting", "kind", "x")));
                            assertThat(core.custom())
                                    .containsEntry("depth", new MetricSpec("d", Map.of()));
                        });
        assertThat(data.sources().getLast().source()).isInstanceOf(ModelsSource.class);
    }

    @Test
    void withoutDefaultsNothingIsAsked() {
        assertThat(read("dataLayer: {injectDefaults: false}").dataLayer().sources()).isEmpty();
    }

    @Test
    void parsersAreListedOnceEach() {
        // When
        PickerConfig config =
                read(
                        """
                        plugins:
                        - {type: openai-parser, name: a}
                        - {type: openai-parser, name: b}
                        - {type: passthrough-parser}
                        requestHandler: {parsers: [{pluginRef: a}, {pluginRef: b}, {pluginRef: passthrough-parser}]}
                        """);

        // Then
        assertThat(config.parsers()).containsExactly("openai-parser", "passthrough-parser");
        assertThat(
                        read("plugins: [{type: openai-parser}]\nparser: {pluginRef: openai-parser}")
                                .parsers())
                .containsExactly("openai-parser");
    }

    @Test
    void pluginsMayReferToLaterOnesAndPickersFillInWhereNoneIsNamed() {
        // When
        PickerConfig config =
                read(
                        """
                        plugins:
                        - {type: disagg-profile-handler, parameters: {deciders: {prefill: always}}}
                        - {type: always-disagg-pd-decider, name: always}
                        - {type: random-picker}
                        - {type: queue-scorer}
                        schedulingProfiles:
                        - {name: decode, plugins: [{pluginRef: random-picker}, {pluginRef: queue-scorer}]}
                        - {name: prefill, plugins: [{pluginRef: queue-scorer, weight: 3}]}
                        """);

        // Then
        assertThat(config.schedule().profiles())
                .extracting(Profile::name)
                .containsExactly("decode", "prefill");
    }

    @Test
    void theCpuCacheMayBeLargerThanTheOneOfTheGpu() {
        // When
        PickerConfig config =
                read(
                        """
                        plugins:
                        - {type: prefix-cache-scorer, name: gpu}
                        - type: prefix-cache-scorer
                          name: cpu
                          parameters: {autoTune: false, lruCapacityPerServer: 41000}
                        """);

        // Then
        assertThat(config.schedule().prefixSettings())
                .isNotNull()
                .satisfies(settings -> assertThat(settings.capacityBlocks()).isEqualTo(41_000));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void wellKnownConfigurationsLoad(String name, String text) {
        assertThat(read(text).schedule().profiles()).as(name).isNotEmpty();
    }

    static Stream<Arguments> wellKnownConfigurationsLoad() {
        return Stream.of(
                Arguments.of(
                        "optimized baseline",
                        """
                        plugins:
                        - type: prefix-cache-affinity-filter
                        - type: inflight-load-producer
                          parameters: {prefixMatchInfoProducerName: approx-prefix-cache-producer}
                        - type: approx-prefix-cache-producer
                          parameters: {autoTune: true}
                        - type: token-load-scorer
                        schedulingProfiles:
                        - name: default
                          plugins:
                          - {pluginRef: prefix-cache-affinity-filter}
                          - {pluginRef: token-load-scorer}
                        """),
                Arguments.of(
                        "prefill and decode",
                        """
                        plugins:
                        - type: disagg-headers-handler
                        - type: always-disagg-pd-decider
                        - type: disagg-profile-handler
                          parameters: {deciders: {prefill: always-disagg-pd-decider}}
                        - type: prefill-filter
                        - type: decode-filter
                        - {type: prefix-cache-scorer, parameters: {maxPrefixBlocksToMatch: 256, lruCapacityPerServer: 31250}}
                        - {type: queue-scorer}
                        - {type: max-score-picker}
                        schedulingProfiles:
                        - name: prefill
                          plugins:
                          - {pluginRef: prefill-filter}
                          - {pluginRef: max-score-picker}
                          - {pluginRef: prefix-cache-scorer, weight: 2}
                          - {pluginRef: queue-scorer, weight: 1}
                        - name: decode
                          plugins:
                          - {pluginRef: decode-filter}
                          - {pluginRef: max-score-picker}
                          - {pluginRef: prefix-cache-scorer, weight: 2}
                        """),
                Arguments.of(
                        "prefill and decode, older form",
                        """
                        plugins:
                        - type: prefill-header-handler
                        - type: pd-profile-handler
                          parameters: {threshold: 10, hashBlockSize: 64, primaryPort: 0}
                        - {type: by-label, name: p, parameters: {label: role, validValues: [prefill]}}
                        - {type: by-label, name: d, parameters: {label: role, validValues: [decode, both], allowsNoLabel: true}}
                        schedulingProfiles:
                        - {name: prefill, plugins: [{pluginRef: p}]}
                        - {name: decode, plugins: [{pluginRef: d}]}
                        """),
                Arguments.of(
                        "payload agnostic",
                        """
                        plugins:
                        - {type: passthrough-parser}
                        - {type: active-request-scorer}
                        requestHandler: {parsers: [{pluginRef: passthrough-parser}]}
                        """),
                Arguments.of(
                        "near the peer",
                        """
                        plugins:
                        - {type: topology-extractor}
                        - {type: endpoint-notification-source}
                        - {type: topology-affinity-scorer}
                        - {type: always-disagg-pd-decider}
                        - {type: disagg-profile-handler, parameters: {stageOrder: prefill-first}}
                        schedulingProfiles:
                        - {name: prefill}
                        - {name: decode, plugins: [{pluginRef: topology-affinity-scorer}]}
                        dataLayer:
                          sources:
                          - {pluginRef: endpoint-notification-source, extractors: [{pluginRef: topology-extractor}]}
                        """));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource
    void wrongSectionsAreRefused(String text, String message) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(PluginException.class)
                .hasMessageContaining(message);
    }

    static Stream<Arguments> wrongSectionsAreRefused() {
        String policies = "plugins: [{type: queue-scorer}, {type: fcfs-ordering-policy}]\n";
        return Stream.of(
                wrong(
                        "flowControl: {priorityBands: [{priority: 1}, {priority: 1}]}",
                        "flowControl.priorityBands[1].priority: 1 (expected: used once)"),
                wrong(
                        "flowControl: {priorityBands: [{maxBytes: 1}]}",
                        "priorityBands[0].priority: null (expected: an integer)"),
                wrong(
                        "flowControl: {maxBytes: -1}",
                        "flowControl.maxBytes: -1 (expected: a quantity"),
                wrong(
                        "flowControl: {maxRequests: many}",
                        "maxRequests: many (expected: a quantity"),
                wrong("flowControl: {defaultRequestTTL: 60}", "60 (expected: a duration"),
                wrong("flowControl: {bytes: 1}", "flowControl.bytes: unknown field"),
                wrong(
                        policies + "flowControl: {usageLimitPolicyPluginRef: nobody}",
                        "flowControl.usageLimitPolicyPluginRef: \"nobody\""),
                wrong(
                        policies
                                + "flowControl: {defaultPriorityBand: {fairnessPolicyRef: queue-scorer}}",
                        "queue-scorer (expected: a fairness policy)"),
                wrong(
                        policies
                                + "flowControl: {defaultPriorityBand: {orderingPolicyRef: queue-scorer}}",
                        "queue-scorer (expected: an ordering policy)"),
                wrong(
                        "flowControl: {saturationDetector: {}}",
                        "flowControl.saturationDetector.pluginRef: is missing"),
                wrong(
                        policies + "flowControl: {saturationDetector: {pluginRef: queue-scorer}}",
                        "queue-scorer (expected: a saturation detector)"),
                wrong(
                        "flowControl: {saturationDetector: {pluginRef: nobody}}",
                        "flowControl.saturationDetector.pluginRef: \"nobody\""),
                wrong(
                        policies + "requestHandler: {parsers: [{pluginRef: queue-scorer}]}",
                        "requestHandler.parsers[0].pluginRef: queue-scorer (expected: a parser)"),
                wrong("requestHandler: {parsers: [{pluginRef: a}]}", "pluginRef: \"a\""),
                wrong(
                        policies + "dataLayer: {sources: [{pluginRef: queue-scorer}]}",
                        "dataLayer.sources[0].pluginRef: queue-scorer (expected: a data source)"),
                wrong(
                        "plugins: [{type: metrics-data-source}, {type: queue-scorer}]\n"
                                + "dataLayer: {sources: [{pluginRef: metrics-data-source,"
                                + " extractors: [{pluginRef: queue-scorer}]}]}",
                        "extractors[0].pluginRef: queue-scorer (expected: an extractor)"),
                wrong(
                        "plugins: [{type: single-profile-handler}, {type: header-profile-handler}]",
                        "single-profile-handler, header-profile-handler (expected: one profile"),
                wrong(
                        "plugins: [{type: single-profile-handler}]\n"
                                + "schedulingProfiles: [{name: a}, {name: b}]",
                        "2 profiles (expected: 1 with this profile handler)"),
                wrong(
                        "schedulingProfiles: [{name: a}, {name: a}]",
                        "schedulingProfiles[1].name: a (expected: used once)"),
                wrong(
                        "plugins: [{type: disagg-profile-handler}]\nschedulingProfiles: [{name: a}]",
                        "\"decode\" (expected: one of a)"),
                wrong(
                        "plugins: [{type: always-disagg-pd-decider}, {type: disagg-profile-handler,"
                                + " parameters: {stageOrder: prefill-first,"
                                + " deciders: {prefill: always-disagg-pd-decider}}}]",
                        "deciders.prefill: (expected: none with stageOrder prefill-first)"),
                wrong(
                        "plugins: [{type: queue-scorer}, {type: disagg-profile-handler,"
                                + " parameters: {deciders: {prefill: queue-scorer}}}]",
                        "queue-scorer (expected: a decider)"),
                wrong(
                        "plugins: [{type: session-id-producer}]",
                        "(expected: either headerName or cookieName)"),
                wrong(
                        "plugins: [{type: token-producer, parameters: {vllm: {url: nowhere}}}]",
                        "vllm.url: nowhere (expected: http://host:port)"),
                wrong(
                        "plugins: [{type: token-producer, parameters: {udsTokenizerConfig: {}}}]",
                        "udsTokenizerConfig: is not available"),
                wrong("plugins: [{type: priority-holdback-policy}]", "minCeiling: is missing"),
                wrong(
                        "plugins: [{type: multicluster-queue-scorer}]",
                        "plugins[0].type: multicluster-queue-scorer is not supported"),
                wrong(
                        "plugins: [{type: prefix-cache-scorer, name: a, parameters: {blockSize: 64}},"
                                + "{type: prefix-cache-scorer, name: b, parameters: {blockSize: 128}}]",
                        "blocks of 64 and of 128 bytes of text (expected: one size)"),
                wrong(
                        "plugins: [{type: queue-scorer, parameters: \"{\"}]",
                        "plugins[0].parameters: { (expected: a map)"));
    }

    @Test
    void tokensAreAskedForWhereServersTellWhichTheyHold() {
        String precise =
                "plugins: [{type: precise-prefix-cache-producer}, {type: token-producer%s}]";

        assertThat(read("plugins: [{type: token-producer}]").schedule().tokenizing()).isNull();
        assertThat(read("plugins: [{type: precise-prefix-cache-producer}]").schedule().tokenizing())
                .isEqualTo(Tokenizing.DEFAULT);
        assertThat(read(precise.formatted("")).schedule().tokenizing())
                .isEqualTo(Tokenizing.DEFAULT);
        assertThat(read(precise.formatted(", parameters: {estimate: {}}")).schedule().tokenizing())
                .isNull();
        assertThat(
                        read(precise.formatted(
                                        ", parameters: {modelName: base, vllm: {url:"
                                                + " \"http://render:8000\", timeout: 2s}}"))
                                .schedule()
                                .tokenizing())
                .isEqualTo(
                        new Tokenizing(
                                URI.create("http://render:8000"),
                                "base",
                                "/tokenize",
                                Duration.ofMillis(100),
                                Duration.ofSeconds(2),
                                64));
        assertThat(
                        read(precise.formatted(
                                        ", parameters: {servers: {path: /v2/tokenize,"
                                                + " budget: 20ms, maxOpen: 8}}"))
                                .schedule()
                                .tokenizing())
                .isEqualTo(
                        new Tokenizing(
                                null,
                                null,
                                "/v2/tokenize",
                                Duration.ofMillis(20),
                                Duration.ofSeconds(5),
                                8));
    }

    @Test
    void eventsComeFromThePortsThatAreNamed() {
        EventSource events =
                read("""
                plugins:
                - type: precise-prefix-cache-producer
                  parameters:
                    tokenProcessorConfig: {blockSizeTokens: 64, hashSeed: "1"}
                    kvEventsConfig:
                      topicFilter: "kv@"
                      podDiscoveryConfig: {socketPort: 5600, replaySocketPort: 5700}
                """)
                        .scrapePlan()
                        .events();

        assertThat(events).isEqualTo(new EventSource(5600, 5700, "kv@", 256));
    }

    private static Arguments wrong(String text, String message) {
        return Arguments.of(text, message);
    }
}

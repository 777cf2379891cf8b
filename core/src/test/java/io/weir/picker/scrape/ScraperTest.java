package io.weir.picker.scrape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.picker.Endpoint;
import io.weir.picker.EndpointSnapshot;
import io.weir.picker.EndpointSnapshot.ServedModel;
import io.weir.picker.PickRequest;
import io.weir.picker.PickResult.Picked;
import io.weir.picker.PickResult.Refused;
import io.weir.picker.PickerSettings;
import io.weir.picker.PoolPicker;
import io.weir.picker.pool.PickerRegistry;
import io.weir.picker.pool.PoolSpec;
import io.weir.resource.ObjectKey;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

class ScraperTest {

    private static final ObjectKey POOL = new ObjectKey("", "InferencePool", "default", "llama");
    private static final String FOOD =
            "vllm:lora_requests_info{max_lora=\"2\",running_lora_adapters=\"food\","
                    + "waiting_lora_adapters=\"ski\"} 1.7e9\n";

    private final ScrapeTimes times =
            new ScrapeTimes(
                    Duration.ofMillis(5),
                    Duration.ofMillis(80),
                    Duration.ofMillis(80),
                    Duration.ofSeconds(60),
                    Duration.ofMillis(100));
    private final Scraper scraper = new Scraper(times, System::nanoTime, new AtomicLong(1)::get);
    private final PickerRegistry registry = PickerRegistry.create(scraper);
    private FakeServer server;

    @BeforeEach
    void start() throws IOException {
        server = FakeServer.start();
    }

    @AfterEach
    void stop() throws IOException {
        registry.close();
        scraper.close();
        server.close();
    }

    @Test
    void metricsAndModelsBecomeKnown() {
        // Given
        server.metrics = MetricPages.vllm(3, 12, 0.5, FOOD);
        server.models =
                """
                {"object":"list","data":[
                  {"id":"llama","object":"model","parent":null,"permission":[{"id":"x"}]},
                  {"id":"food","root":"/adapters/food","parent":"llama","max_model_len":null}]}
                """;

        // When
        PoolPicker picker = watch();

        // Then
        await().untilAsserted(() -> assertThat(only(picker).models()).hasSize(2));
        EndpointSnapshot known = only(picker);
        assertThat(known.models())
                .containsExactly(new ServedModel("llama", ""), new ServedModel("food", "llama"));
        assertThat(known.waitingRequests()).isEqualTo(3);
        assertThat(known.runningRequests()).isEqualTo(12);
        assertThat(known.kvCacheUsage()).isEqualTo(0.5);
        assertThat(known.activeAdapters()).containsExactly("food");
        assertThat(known.waitingAdapters()).containsExactly("ski");
        assertThat(known.maxAdapters()).isEqualTo(2);
        assertThat(known.scrapeAgeMillis()).isBetween(0L, 5_000L);
        assertThat(known.healthy()).isTrue();
    }

    @Test
    void oneConnectionServesManyScrapes() {
        // When
        watch();

        // Then
        await().until(() -> server.metricsRequests.get() > 10);
        assertThat(server.connections).hasValue(1);
    }

    @Test
    void aServerThatClosesItsConnectionsIsAskedAgainWithoutBlame() {
        // Given
        server.closesAfterEach = true;

        // When
        PoolPicker picker = watch();

        // Then
        for (int i = 1; i < 10; i++) {
            int before = server.metricsRequests.get();
            await().until(() -> server.metricsRequests.get() > before);
            assertThat(only(picker).healthy()).isTrue();
        }
    }

    @Test
    void aServerWithoutMetricsIsHealthyAndItsModelsAreKnown() {
        // Given
        server.metricsStatus = 404;

        // When
        PoolPicker picker = watch();

        // Then
        await().untilAsserted(() -> assertThat(only(picker).models()).hasSize(1));
        assertThat(only(picker).healthy()).isTrue();
        assertThat(only(picker).scrapeAgeMillis()).isEqualTo(-1);
        assertThat(only(picker).waitingRequests()).isEqualTo(-1);
    }

    @Test
    void aServerThatAnswersNonsenseIsHealthyAndNothingIsKnownOfIt() {
        // Given
        server.models = "<html>hello</html>";
        server.metrics = "{\"not\": \"metrics\"}";

        // When
        PoolPicker picker = watch();

        // Then
        await().until(() -> server.metricsRequests.get() > 5);
        assertThat(only(picker).healthy()).isTrue();
        assertThat(only(picker).models()).isEmpty();
        assertThat(only(picker).waitingRequests()).isEqualTo(-1);
    }

    @Test
    void aModelThatWasLoadedSinceIsServedSoonAfterSomebodyAskedForIt() {
        // Given
        PoolPicker picker = watch();
        await().untilAsserted(() -> assertThat(only(picker).models()).hasSize(1));
        assertThat(picker.pick(request("food"))).isInstanceOf(Refused.class);

        // When
        server.models = "{\"data\":[{\"id\":\"food\",\"parent\":\"llama\"}]}";

        // Then
        await().until(() -> picker.pick(request("food")) instanceof Picked);
    }

    @Test
    void aServerThatIsGoneIsUnhealthyUntilItIsBack() throws IOException {
        // Given
        PoolPicker picker = watch();
        await().until(() -> server.metricsRequests.get() > 2);
        int port = server.port();

        // When
        server.close();

        // Then
        await().until(() -> !only(picker).healthy());

        // When
        server = new FakeServer(port);

        // Then
        await().until(() -> only(picker).healthy());
    }

    @Test
    void aServerThatHangsIsUnhealthyAfterAWhile() {
        // Given
        PoolPicker picker = watch();
        await().until(() -> server.metricsRequests.get() > 2);

        // When
        server.hangs = true;

        // Then
        await().until(() -> !only(picker).healthy());
        server.hangs = false;
        await().until(() -> only(picker).healthy());
    }

    @Test
    void modelsAreReadAgainWhenOtherAdaptersAreInUse() {
        // Given
        PoolPicker picker = watch();
        await().untilAsserted(() -> assertThat(only(picker).models()).hasSize(1));
        int before = server.modelsRequests.get();

        // When
        server.metrics = MetricPages.vllm(0, 1, 0, FOOD);

        // Then
        await().until(() -> server.modelsRequests.get() == before + 1);
    }

    @Test
    void anEndpointThatLeavesIsNotAskedAnyMore() throws InterruptedException {
        // Given
        PoolPicker picker = watch();
        await().until(() -> server.metricsRequests.get() > 2);

        // When
        picker.update(List.of(), PickerSettings.DEFAULT);

        // Then
        await().until(() -> requestsWithin(Duration.ofMillis(200)) == 0);
    }

    private int requestsWithin(Duration time) throws InterruptedException {
        int before = server.metricsRequests.get();
        Thread.sleep(time);
        return server.metricsRequests.get() - before;
    }

    private static PickRequest request(String model) {
        return new PickRequest(model, false, List.of(), 1, -1, 0, "default-flow", null);
    }

    @Test
    void metricsOfOnesOwnAreReadWhereTheConfigurationSays() {
        // Given
        server.metricsPath = "/stats";
        server.metrics =
                """
                my_queue{state="running"} 9
                my_queue{kind="a",state="waiting"} 4
                depth{tier="silver"} 1
                depth{tier="gold"} 2.5
                """;

        // When
        PoolPicker picker =
                watch(
                        """
                        apiVersion: llm-d.ai/v1alpha1
                        kind: EndpointPickerConfig
                        plugins:
                        - {type: metrics-data-source, parameters: {path: /stats}}
                        - type: core-metrics-extractor
                          parameters:
                            defaultEngine: mine
                            engineConfigs:
                            - name: mine
                              queuedRequestsSpec: my_queue{state=waiting}
                              runningRequestsSpec: my_queue{state=running}
                              customMetrics:
                              - {attributeKey: gold, metricSpec: "depth{tier=gold}"}
                        - type: endpoint-attribute-filter
                          parameters:
                            attribute: gold
                            onMissing: Fail
                            algorithm: {type: threshold, threshold: {operator: GreaterThan, value: 2}}
                        """);

        // Then
        await().untilAsserted(() -> assertThat(only(picker).waitingRequests()).isEqualTo(4));
        assertThat(only(picker).runningRequests()).isEqualTo(9);
        assertThat(picker.pick(request("llama"))).isInstanceOf(Picked.class);

        // When
        server.metrics = "depth{tier=\"gold\"} 1\n";

        // Then
        await().untilAsserted(() ->
                assertThat(picker.pick(request("llama"))).isInstanceOf(Refused.class));
    }

    @Test
    void withoutASourceNothingIsAsked() {
        // When
        PoolPicker picker =
                watch(
                        """
                        apiVersion: llm-d.ai/v1alpha1
                        kind: EndpointPickerConfig
                        dataLayer: {injectDefaults: false}
                        """);

        // Then
        int asked = server.metricsRequests.get();
        await().pollDelay(Duration.ofMillis(300)).until(() -> true);
        assertThat(server.metricsRequests.get()).isLessThanOrEqualTo(asked + 1);
        assertThat(picker.pick(request("llama"))).isInstanceOf(Picked.class);
    }

    @Test
    void theBusiestGpuOfAPodBecomesKnownAndUnknownAgain() throws IOException {
        // Given
        try (FakeServer exporter = FakeServer.start()) {
            exporter.metrics =
                    """
                    # TYPE DCGM_FI_DEV_GPU_UTIL gauge
                    DCGM_FI_DEV_GPU_UTIL{gpu="0",pod="pod"} 41
                    DCGM_FI_DEV_GPU_UTIL{gpu="1",pod="pod"} 87
                    DCGM_FI_DEV_GPU_UTIL{gpu="2",pod="other"} 99
                    """;
            server.metrics = MetricPages.vllm(3, 1, 0.5, "");

            // When
            PoolPicker picker =
                    watch(
                            """
                            apiVersion: llm-d.ai/v1
                            kind: EndpointPickerConfig
                            plugins:
                            - {type: dcgm-data-source, name: gpus, parameters: {port: %d}}
                            - {type: dcgm-extractor}
                            - type: endpoint-attribute-filter
                              parameters:
                                attribute: GPUUtilization
                                producer: dcgm-extractor
                                onMissing: Pass
                                algorithm:
                                  {type: threshold, threshold: {operator: LessThan, value: 0.865}}
                            dataLayer:
                              sources: [{pluginRef: gpus, extractors: [{pluginRef: dcgm-extractor}]}]
                            schedulingProfiles:
                            - name: default
                              plugins: [{pluginRef: endpoint-attribute-filter}]
                            """
                                    .formatted(exporter.port()));

            // Then
            await().untilAsserted(() ->
                    assertThat(picker.pick(request("llama"))).isInstanceOf(Refused.class));
            assertThat(only(picker).waitingRequests()).isEqualTo(3);
            exporter.metrics = "DCGM_FI_DEV_GPU_UTIL{gpu=\"0\"} 86";
            await().untilAsserted(() ->
                    assertThat(picker.pick(request("llama"))).isInstanceOf(Picked.class));
            exporter.metrics = "DCGM_FI_DEV_GPU_UTIL{gpu=\"0\"} 88";
            await().untilAsserted(() ->
                    assertThat(picker.pick(request("llama"))).isInstanceOf(Refused.class));
        }

        // A gone exporter says nothing about the server.
        await().untilAsserted(() ->
                assertThat(picker().pick(request("llama"))).isInstanceOf(Picked.class));
        assertThat(only(picker()).healthy()).isTrue();
    }

    private PoolPicker picker() {
        return registry.forPool(POOL);
    }

    @Test
    void metricsThatNoPluginLooksAtAreAskedForRarely() {
        // Given
        PoolPicker picker =
                watch(
                        """
                        apiVersion: llm-d.ai/v1alpha1
                        kind: EndpointPickerConfig
                        plugins: [{type: active-request-scorer}]
                        """);
        assertThat(picker.pick(request("llama"))).isInstanceOf(Picked.class);
        await().untilAsserted(() -> assertThat(server.metricsRequests).hasPositiveValue());

        // When
        int before = server.metricsRequests.get();
        await().pollDelay(Duration.ofMillis(600)).until(() -> true);

        // Then
        assertThat(server.metricsRequests.get() - before).isBetween(2, 20);
    }

    private PoolPicker watch(String config) {
        PoolPicker picker = registry.forPool(POOL);
        var endpoint = new Endpoint("pod", "pod", "127.0.0.1", server.port(), Map.of());
        var settings = new PickerSettings(config, "test");
        var spec = new PoolSpec(List.of(endpoint), settings);
        assertThat(registry.apply(Map.of(POOL, spec))).isEmpty();
        return picker;
    }

    private PoolPicker watch() {
        Endpoint endpoint = new Endpoint("e", "pod", "127.0.0.1", server.port(), Map.of());
        PoolSpec spec = new PoolSpec(List.of(endpoint), PickerSettings.DEFAULT);
        assertThat(registry.apply(Map.of(POOL, spec))).isEmpty();
        return registry.forPool(POOL);
    }

    private static EndpointSnapshot only(PoolPicker picker) {
        return picker.endpoints().getFirst();
    }
}

package io.weir.picker.scrape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.picker.Endpoint;
import io.weir.picker.EndpointSnapshot;
import io.weir.picker.EndpointSnapshot.ServedModel;
import io.weir.picker.PickerSettings;
import io.weir.picker.PoolPicker;
import io.weir.picker.pool.PickerRegistry;
import io.weir.picker.pool.PoolSpec;
import io.weir.resource.ObjectKey;
import io.weir.tls.TestIdentity;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

class TlsScrapingTest {

    private static final ObjectKey POOL = new ObjectKey("", "InferencePool", "default", "llama");

    @TempDir static Path folder;

    private static TestIdentity ours;
    private static TestIdentity theirs;

    private final ScrapeTimes times =
            new ScrapeTimes(
                    Duration.ofMillis(5),
                    Duration.ofMillis(80),
                    Duration.ofMillis(80),
                    Duration.ofSeconds(60),
                    Duration.ofMillis(500));
    private final Scraper scraper = new Scraper(times, System::nanoTime, new AtomicLong(1)::get);
    private final PickerRegistry registry = PickerRegistry.create(scraper);
    private FakeServer server;

    @BeforeAll
    static void makeCertificates() throws Exception {
        ours = TestIdentity.create(folder, "ours");
        theirs = TestIdentity.create(folder, "theirs");
    }

    @BeforeEach
    void start() throws IOException, GeneralSecurityException {
        server = FakeServer.start(ours.server(theirs), false);
        server.metrics = MetricPages.vllm(3, 12, 0.5, "");
    }

    @AfterEach
    void stop() throws IOException {
        registry.close();
        scraper.close();
        server.close();
    }

    @Test
    void aServerWithACertificateOfItsOwnIsAskedOverOneConnection() throws Exception {
        // When
        PoolPicker picker = watch("scheme: https");

        // Then
        await().untilAsserted(() -> assertThat(only(picker).waitingRequests()).isEqualTo(3));
        await().untilAsserted(() ->
                assertThat(only(picker).models()).containsExactly(new ServedModel("llama", "")));
        int connections = server.connections.get();
        int asked = server.metricsRequests.get();
        await().until(() -> server.metricsRequests.get() > asked + 10);
        assertThat(server.connections).hasValue(connections);
        assertThat(only(picker).healthy()).isTrue();
    }

    @Test
    void pagesOfManyPacketsArriveWhole() throws Exception {
        // Given
        server.metrics = "# ".repeat(300_000) + "\n" + MetricPages.vllm(7, 1, 0.25, "");

        // When
        PoolPicker picker = watch("scheme: https");

        // Then
        await().untilAsserted(() -> assertThat(only(picker).waitingRequests()).isEqualTo(7));
        assertThat(only(picker).kvCacheUsage()).isEqualTo(0.25);
    }

    @Test
    void aServerIsVerifiedByTheGivenAuthority() throws Exception {
        // When
        PoolPicker picker =
                watch(
                        "scheme: https, insecureSkipVerify: false, caCertPath: "
                                + ours.certificate());

        // Then
        await().untilAsserted(() -> assertThat(only(picker).waitingRequests()).isEqualTo(3));
    }

    @Test
    void aServerThatTheAuthorityDoesNotKnowIsNotAsked() throws Exception {
        // When
        PoolPicker picker =
                watch(
                        "scheme: https, insecureSkipVerify: false, caCertPath: "
                                + theirs.certificate());

        // Then
        await().untilAsserted(() -> assertThat(only(picker).healthy()).isFalse());
        assertThat(server.metricsRequests).hasValue(0);
    }

    @Test
    void aServerThatAsksForACertificateIsShownIt() throws Exception {
        // Given
        serve(FakeServer.start(ours.server(theirs), true));

        // When
        PoolPicker picker =
                watch(
                        "scheme: https, clientCertPath: %s, clientKeyPath: %s"
                                .formatted(theirs.certificate(), theirs.key()));

        // Then
        await().untilAsserted(() -> assertThat(only(picker).waitingRequests()).isEqualTo(3));
    }

    @Test
    void certificatesThatAreRenewedAreReadAgain() throws Exception {
        // Given
        serve(FakeServer.start(ours.server(theirs), true));
        Path certificate = Files.copy(ours.certificate(), folder.resolve("client.crt"));
        Path key = Files.copy(ours.key(), folder.resolve("client.key"));
        PoolPicker picker =
                watch(
                        "scheme: https, clientCertPath: %s, clientKeyPath: %s"
                                .formatted(certificate, key));
        await().untilAsserted(() -> assertThat(only(picker).healthy()).isFalse());

        // When
        Files.writeString(certificate, Files.readString(theirs.certificate()));
        Files.writeString(key, Files.readString(theirs.key()));

        // Then
        await().untilAsserted(() -> assertThat(only(picker).waitingRequests()).isEqualTo(3));
    }

    @Test
    void aServerThatSpeaksClearTextCanNotBeReached() throws Exception {
        // Given
        serve(FakeServer.start());

        // When
        PoolPicker picker = watch("scheme: https");

        // Then
        await().untilAsserted(() -> assertThat(only(picker).healthy()).isFalse());
    }

    private void serve(FakeServer other) throws IOException {
        server.close();
        other.metrics = server.metrics;
        server = other;
    }

    private PoolPicker watch(String source) {
        String config =
                """
                apiVersion: llm-d.ai/v1alpha1
                kind: EndpointPickerConfig
                plugins:
                - {type: metrics-data-source, parameters: {%1$s}}
                - {type: core-metrics-extractor}
                - {type: models-data-source, parameters: {%1$s}}
                - {type: models-data-extractor}
                dataLayer:
                  sources:
                  - {pluginRef: metrics-data-source, extractors: [{pluginRef: core-metrics-extractor}]}
                  - {pluginRef: models-data-source, extractors: [{pluginRef: models-data-extractor}]}
                """
                        .formatted(source);
        PoolPicker picker = registry.forPool(POOL);
        var endpoint = new Endpoint("pod", "pod", "127.0.0.1", server.port(), Map.of());
        var spec = new PoolSpec(List.of(endpoint), new PickerSettings(config, "test"));
        assertThat(registry.apply(Map.of(POOL, spec))).isEmpty();
        return picker;
    }

    private static EndpointSnapshot only(PoolPicker picker) {
        return picker.endpoints().getFirst();
    }
}

package io.weir.app.picker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.sun.net.httpserver.HttpServer;

import io.weir.app.command.PickerArguments;
import io.weir.app.external.AskingProxy;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The page of metrics after some requests, as dashboards of the reference read it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PickerMetricsTest {

    private static final String CONFIG =
            """
            apiVersion: llm-d.ai/v1alpha1
            kind: EndpointPickerConfig
            featureGates: [flowControl]
            flowControl: {maxRequests: 10}
            plugins: [{type: queue-scorer}]
            """;

    private HttpServer server;
    private PickerProgram picker;
    private String page;

    @SuppressWarnings("NullAway.Init")
    PickerMetricsTest() {}

    @BeforeAll
    void askSomeRequests(@TempDir Path folder) throws Exception {
        server = server();
        int port = server.getAddress().getPort();
        Path endpoints =
                Files.writeString(
                        folder.resolve("servers.yaml"),
                        "endpoints: [{name: one, address: 127.0.0.1, port: \"" + port + "\"}]");
        Path config = Files.writeString(folder.resolve("config.yaml"), CONFIG);
        picker =
                PickerProgram.start(
                        PickerArguments.parse(
                                "--pool-name=llm",
                                "--endpoints-file=" + endpoints,
                                "--config-file=" + config,
                                "--address=127.0.0.1",
                                "--grpc-port=0",
                                "--grpc-health-port=0",
                                "--metrics-port=0",
                                "--secure-serving=false"));
        try (AskingProxy proxy = AskingProxy.of(picker.serving().grpcPort())) {
            answered(proxy, "/v1/completions", "{\"model\":\"m\",\"prompt\":\"a\"}");
            refused(proxy, "{\"prompt\":\"a\"}");
            answered(proxy, "/any", "passthrough-parser");
            AskingProxy.Exchange open = asked(proxy, "/v1/completions", "{\"model\":\"m\"}");
            open.reply();
            await().until(() -> get().contains("extproc_streams_total{code=\"OK\"} 3"));
            page = get();
            open.complete();
        }
    }

    @AfterAll
    void stop() {
        picker.close();
        server.stop(0);
    }

    private static HttpServer server() throws IOException {
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        byte[] metrics =
                "vllm:num_requests_waiting 4\nvllm:num_requests_running 2\n"
                        .getBytes(StandardCharsets.UTF_8);
        server.createContext(
                "/metrics",
                exchange -> {
                    exchange.sendResponseHeaders(200, metrics.length);
                    exchange.getResponseBody().write(metrics);
                    exchange.close();
                });
        server.start();
        return server;
    }

    private static AskingProxy.Exchange asked(AskingProxy proxy, String path, String body) {
        boolean isJson = body.startsWith("{");
        AskingProxy.Exchange exchange = proxy.open();
        exchange.headers(
                false,
                ":method",
                "POST",
                ":path",
                path,
                "content-type",
                isJson ? "application/json" : "application/octet-stream");
        return exchange.body(ByteString.copyFromUtf8(body));
    }

    private static void answered(AskingProxy proxy, String path, String body)
            throws InterruptedException {
        AskingProxy.Exchange exchange = asked(proxy, path, body);
        exchange.reply();
        exchange.reply();
        exchange.answer(true, ":status", "200").reply();
        exchange.complete();
    }

    private static void refused(AskingProxy proxy, String body) throws InterruptedException {
        AskingProxy.Exchange exchange = asked(proxy, "/v1/completions", body);
        assertThat(exchange.reply().hasImmediateResponse()).isTrue();
        exchange.complete();
    }

    private String get() throws IOException, InterruptedException {
        int port = picker.serving().metricsPort();
        URI uri = URI.create("http://127.0.0.1:" + port + "/metrics");
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "llm_d_epp_request_total{model_name=\"m\",priority=\"0\",target_model_name=\"m\"} 1.0",
                "llm_d_epp_request_total{model_name=\"\",priority=\"0\",target_model_name=\"\"} 2.0",
                "llm_d_epp_request_error_total{error_code=\"BadRequest\",model_name=\"\",target_model_name=\"\"} 1.0",
                "llm_d_epp_request_running{model_name=\"m\"} 1.0",
                "inference_objective_running_requests{model_name=\"m\"} 1.0",
                "llm_d_epp_average_queue_size{name=\"llm\"} 4.0",
                "llm_d_epp_std_dev_queue_size{name=\"llm\"} 0.0",
                "llm_d_epp_ready_endpoints{name=\"llm\"} 1.0",
                "llm_d_epp_inflight_requests{endpoint_name=\"one\",namespace=\"default\",producer_name=\"inflight-load-producer\"} 1.0",
                "llm_d_epp_flow_control_requests_total{inference_pool=\"llm\",outcome=\"Dispatched\",priority=\"0\"} 3.0",
                "llm_d_epp_flow_control_global_capacity_utilization_requests{inference_pool=\"llm\"} 0.0",
                "llm_d_epp_datalayer_poll_errors_total{source_type=\"metrics-data-source\"}",
                "llm_d_epp_extproc_stream_duration_seconds_count 3",
                "llm_d_epp_extproc_streams_inflight 1.0",
            })
    void aSeriesIsThere(String series) {
        assertThat(page).contains("\n" + series);
    }

    @Test
    void picksAreCountedByTheirEndpointUnderBothNames() {
        String labels = ",namespace=\"default\",";
        assertThat(page)
                .containsPattern(
                        "\nllm_d_epp_scheduler_attempts_total\\{endpoint_name=\"one\""
                                + labels
                                + "port=\"\\d+\",status=\"success\",target_model_name=\"m\"} 2")
                .containsPattern(
                        "\ninference_extension_scheduler_attempts_total\\{namespace=\"default\","
                                + "pod_name=\"one\",port=\"\\d+\",status=\"success\"");
    }

    @Test
    void newerReleasesTellTheStageOfTheSaturation() {
        assertThat(page)
                .containsPattern(
                        "llm_d_epp_flow_control_pool_saturation"
                                + "\\{inference_pool=\"llm\",stage=\"effective\"} \\d");
    }

    @ParameterizedTest
    @CsvSource({
        "request_total, counter, inference_objective_request_total",
        "request_error_total, counter, inference_objective_request_error_total",
        "request_duration_seconds, histogram, inference_objective_request_duration_seconds",
        "request_size_bytes, histogram, inference_objective_request_sizes",
        "response_size_bytes, histogram, inference_objective_response_sizes",
        "request_running, gauge, inference_objective_running_requests",
        "average_kv_cache_utilization, gauge, inference_pool_average_kv_cache_utilization",
        "average_running_requests, gauge, inference_pool_average_running_requests",
        "per_endpoint_queue_size, gauge, inference_pool_per_pod_queue_size",
        "ready_endpoints, gauge, inference_pool_ready_pods",
        "scheduler_e2e_duration_seconds, histogram, inference_extension_scheduler_e2e_duration_seconds",
        "scheduler_attempts_total, counter, inference_extension_scheduler_attempts_total",
        "info, gauge, inference_extension_info",
        "flow_control_pool_saturation, gauge, inference_extension_flow_control_pool_saturation",
        "datalayer_poll_errors_total, counter, llm_d_inference_scheduler_datalayer_poll_errors_total"
    })
    void newAndOldNamesAreOfTheSameType(String name, String type, String former) {
        assertThat(page)
                .contains("# TYPE llm_d_epp_" + name + " " + type + "\n")
                .contains("# TYPE " + former + " " + type + "\n");
    }

    @Test
    void everyMetricHasHelpAndTypeOnceAndCountersEndAsCountersDo() {
        Set<String> typed = new TreeSet<>();
        List<String> lines = page.lines().toList();
        for (String line : lines) {
            if (line.startsWith("# TYPE ")) {
                String[] parts = line.split(" ", -1);
                assertThat(typed.add(parts[2])).as(line).isTrue();
                assertThat(lines).anyMatch(help -> help.startsWith("# HELP " + parts[2] + " "));
                assertThat(parts[2].endsWith("_total"))
                        .as(line)
                        .isEqualTo(parts[3].equals("counter"));
            }
        }
        assertThat(typed).hasSizeGreaterThan(60);
    }
}

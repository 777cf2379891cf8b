package io.weir.app.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;

import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.weir.app.bodyrouter.BodyRouterProgram;
import io.weir.app.command.BodyRouterArguments;
import io.weir.app.external.AskingProxy;
import io.weir.app.tracing.OtlpCollector.Told;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Requests whose bodies are read for a proxy, as a collector hears of them. */
class BodyRouterTraceTest {

    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String PARENT = "b7ad6b7169203331";
    private static final String TRACEPARENT = "00-" + TRACE + "-" + PARENT + "-01";
    private static final String BODY = "{\"model\":\"sql-lora\",\"prompt\":\"x\"}";

    @TempDir Path folder;

    private OtlpCollector collector;

    @SuppressWarnings("NullAway.Init")
    BodyRouterTraceTest() {}

    @BeforeEach
    void start() throws Exception {
        collector = OtlpCollector.start();
        Files.writeString(
                folder.resolve("models.yaml"),
                """
                apiVersion: v1
                kind: ConfigMap
                metadata:
                  name: llama
                  labels: {inference.networking.k8s.io/bbr-managed: "true"}
                data: {baseModel: llama, adapters: "- sql-lora"}
                """);
    }

    @AfterEach
    void stop() {
        collector.close();
    }

    private BodyRouterProgram router(String ratio) throws Exception {
        TraceOptions traces =
                new TraceOptions(
                        null,
                        Map.of(
                                "OTEL_EXPORTER_OTLP_ENDPOINT",
                                collector.httpUrl(),
                                "OTEL_EXPORTER_OTLP_PROTOCOL",
                                "http/protobuf",
                                "OTEL_BSP_SCHEDULE_DELAY",
                                "20",
                                "OTEL_TRACES_SAMPLER_ARG",
                                ratio));
        return BodyRouterProgram.start(
                BodyRouterArguments.parse(
                                "-f",
                                folder.toString(),
                                "--grpc-port",
                                "0",
                                "--grpc-health-port",
                                "0",
                                "--metrics-port",
                                "0",
                                "--secure-serving=false")
                        .withTraces(traces));
    }

    /** Sends a request and its answer; returns the headers that were set. */
    private static Map<String, String> asked(
            BodyRouterProgram router, String body, String header, String value)
            throws InterruptedException {
        try (AskingProxy proxy = AskingProxy.of(router.serving().grpcPort())) {
            AskingProxy.Exchange exchange = proxy.open();
            exchange.headers(
                            false,
                            ":method",
                            "POST",
                            ":path",
                            "/v1/completions",
                            "content-type",
                            "application/json",
                            header,
                            value)
                    .body(ByteString.copyFromUtf8(body));
            ProcessingResponse routed = exchange.reply();
            exchange.answer(false, ":status", "200").complete();
            return AskingProxy.set(routed);
        }
    }

    @Test
    void aRequestJoinsTheProxysTraceAndLeavesItsHeaderAlone() throws Exception {
        Map<String, String> set;
        try (BodyRouterProgram router = router("1")) {
            set = set(router, "TraceParent", TRACEPARENT);
            await().until(() -> collector.spans().size() == 2);
        }

        assertThat(set)
                .containsEntry("X-Gateway-Base-Model-Name", "llama")
                .doesNotContainKey("traceparent");
        Told request = collector.span("gateway.request");
        assertThat(collector.span("gateway.body_routing").parent()).isEqualTo(request.id());
        assertThat(request.parent()).isEqualTo(PARENT);
        assertThat(request.trace()).isEqualTo(TRACE);
        assertThat(request.attributes())
                .containsEntry("url.path", "/v1/completions")
                .containsEntry("gen_ai.request.model", "sql-lora")
                .containsEntry("http.response.status_code", "200");
        assertThat(request.kind()).as("server").isEqualTo(2);
    }

    private static Map<String, String> set(BodyRouterProgram router, String header, String value)
            throws InterruptedException {
        return asked(router, BODY, header, value);
    }

    @Test
    void aTraceThatNobodyHasBegunIsToldToTheNextHop() throws Exception {
        String told;
        try (BodyRouterProgram router = router("1")) {
            told = set(router, "x-any", "value").getOrDefault("traceparent", "");
            await().until(() -> collector.spans().size() == 2);
        }

        Told request = collector.span("gateway.request");
        assertThat(told).matches("00-" + request.trace() + "-" + request.id() + "-0[13]");
        assertThat(request.parent()).isEmpty();
    }

    @Test
    void aRefusalIsToldWithItsStatus() throws Exception {
        try (BodyRouterProgram router = router("1")) {
            asked(router, "no JSON", "x-any", "value");
            await().until(() -> collector.spans().size() == 2);
        }

        assertThat(collector.span("gateway.request").attributes())
                .containsEntry("http.response.status_code", "400");
    }

    @Test
    void requestsThatAreNotChosenAreNotTold() throws Exception {
        String told;
        try (BodyRouterProgram router = router("0")) {
            told = set(router, "x-any", "value").getOrDefault("traceparent", "");
        }

        assertThat(told).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-0[02]");
        assertThat(collector.spans()).isEmpty();
    }
}

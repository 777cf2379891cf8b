package io.weir.app.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.weir.app.command.PickerArguments;
import io.weir.app.external.AskingProxy;
import io.weir.app.picker.PickerProgram;
import io.weir.app.tracing.OtlpCollector.Told;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Requests that a proxy asks about, as a collector hears of them. */
class PickerTraceTest {

    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String PARENT = "b7ad6b7169203331";

    @TempDir Path folder;

    private OtlpCollector collector;
    private TracedServer server;

    @SuppressWarnings("NullAway.Init")
    PickerTraceTest() {}

    @BeforeEach
    void start() throws Exception {
        collector = OtlpCollector.start();
        server = TracedServer.start();
        Files.writeString(folder.resolve("servers.yaml"), server.endpointsFile());
    }

    @AfterEach
    void stop() {
        server.close();
        collector.close();
    }

    private PickerProgram picker(String... variables) throws Exception {
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
                                variables.length == 0 ? "1" : variables[0]));
        return PickerProgram.start(
                PickerArguments.parse(
                                "--pool-name",
                                "p",
                                "--endpoints-file",
                                folder.resolve("servers.yaml").toString(),
                                "--grpc-port",
                                "0",
                                "--metrics-port",
                                "0",
                                "--secure-serving=false")
                        .withTraces(traces));
    }

    /** Asks about a request without a body, answers it, and returns the header that was set. */
    private static String asked(PickerProgram picker, String header, String value)
            throws InterruptedException {
        try (AskingProxy proxy = AskingProxy.of(picker.serving().grpcPort())) {
            AskingProxy.Exchange exchange = proxy.open();
            exchange.headers(
                    true, ":method", "GET", ":path", "/v1/models?key=secret", header, value);
            ProcessingResponse picked = exchange.reply();
            exchange.answer(true, ":status", "200").reply();
            exchange.complete();
            return AskingProxy.set(picked).getOrDefault("traceparent", "");
        }
    }

    @Test
    void aRequestJoinsTheProxysTraceWhateverTheCaseOfTheHeader() throws Exception {
        String told;
        try (PickerProgram picker = picker()) {
            told = asked(picker, "TraceParent", "00-" + TRACE + "-" + PARENT + "-01");
            await().until(() -> collector.spans().size() == 2);
        }

        Told orchestration = collector.span("gateway.request_orchestration");
        Told request =
                collector.spans().stream()
                        .filter(span -> span.id().equals(orchestration.parent()))
                        .findFirst()
                        .orElseThrow();
        assertThat(request.name()).isEqualTo("gateway.request");
        assertThat(request.parent()).isEqualTo(PARENT);
        assertThat(request.trace()).isEqualTo(TRACE);
        assertThat(told).isEqualTo("00-" + TRACE + "-" + request.id() + "-01");
        assertThat(request.attributes())
                .containsEntry("url.path", "/v1/models")
                .containsEntry("weir.pool", "default/p")
                .containsEntry("weir.endpoint", "default/one")
                .containsEntry("http.response.status_code", "200");
        assertThat(request.kind()).as("server").isEqualTo(2);
    }

    @Test
    void aParentThatMakesNoSenseIsReplaced() throws Exception {
        String told;
        try (PickerProgram picker = picker()) {
            told = asked(picker, "traceparent", "00-xyz-1-01");
            await().until(() -> collector.spans().size() == 2);
        }

        assertThat(told).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-0[13]").doesNotContain("xyz");
    }

    @Test
    void requestsThatAreNotChosenSayThatTheyAreNot() throws Exception {
        String told;
        try (PickerProgram picker = picker("0")) {
            told = asked(picker, "x-any", "value");
        }

        assertThat(told).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-0[02]");
        assertThat(collector.spans()).isEmpty();
    }
}

package io.weir.app.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;

import io.envoyproxy.envoy.config.core.v3.HeaderMap;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.service.ext_proc.v3.ExternalProcessorGrpc;
import io.envoyproxy.envoy.service.ext_proc.v3.HttpHeaders;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingRequest;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.weir.app.command.PickerArguments;
import io.weir.app.picker.PickerProgram;
import io.weir.app.tracing.OtlpCollector.Told;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

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
        var replies = new LinkedBlockingQueue<ProcessingResponse>();
        ManagedChannel channel =
                NettyChannelBuilder.forAddress("127.0.0.1", picker.serving().grpcPort())
                        .usePlaintext()
                        .build();
        try {
            StreamObserver<ProcessingRequest> stream =
                    ExternalProcessorGrpc.newStub(channel).process(into(replies));
            stream.onNext(
                    ProcessingRequest.newBuilder()
                            .setRequestHeaders(
                                    headers(
                                            ":method",
                                            "GET",
                                            ":path",
                                            "/v1/models?key=secret",
                                            header,
                                            value))
                            .build());
            ProcessingResponse picked = replies.poll(20, TimeUnit.SECONDS);
            stream.onNext(
                    ProcessingRequest.newBuilder()
                            .setResponseHeaders(headers(":status", "200"))
                            .build());
            replies.poll(20, TimeUnit.SECONDS);
            stream.onCompleted();
            assertThat(picked).isNotNull();
            return picked
                    .getRequestHeaders()
                    .getResponse()
                    .getHeaderMutation()
                    .getSetHeadersList()
                    .stream()
                    .filter(set -> set.getHeader().getKey().equals("traceparent"))
                    .map(set -> set.getHeader().getRawValue().toStringUtf8())
                    .findFirst()
                    .orElse("");
        } finally {
            channel.shutdownNow();
        }
    }

    private static StreamObserver<ProcessingResponse> into(
            LinkedBlockingQueue<ProcessingResponse> replies) {
        return new StreamObserver<>() {
            @Override
            public void onNext(ProcessingResponse reply) {
                replies.add(reply);
            }

            @Override
            public void onError(Throwable cause) {}

            @Override
            public void onCompleted() {}
        };
    }

    private static HttpHeaders headers(String... namesAndValues) {
        HeaderMap.Builder map = HeaderMap.newBuilder();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            map.addHeaders(
                    HeaderValue.newBuilder()
                            .setKey(namesAndValues[i])
                            .setRawValue(ByteString.copyFromUtf8(namesAndValues[i + 1])));
        }
        return HttpHeaders.newBuilder().setHeaders(map).setEndOfStream(true).build();
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

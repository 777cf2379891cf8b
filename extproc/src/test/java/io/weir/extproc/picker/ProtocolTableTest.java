package io.weir.extproc.picker;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.Objects.requireNonNull;

import com.google.protobuf.Value;

import io.envoyproxy.envoy.extensions.filters.http.ext_proc.v3.ProcessingMode.BodySendMode;
import io.envoyproxy.envoy.service.ext_proc.v3.CommonResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.ImmediateResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.weir.extproc.testing.ProxySide;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The protocol, case by case, over a real gRPC channel and with the real picker. Numbers are those
 * of the reference's hermetic suite; where Weir differs on purpose, docs/differences.md says why.
 */
class ProtocolTableTest {

    private static final String SCORERS =
            """
            apiVersion: inference.networking.x-k8s.io/v1alpha1
            kind: EndpointPickerConfig
            plugins:
            - type: queue-scorer
            - type: kv-cache-utilization-scorer
            - type: prefix-cache-scorer
            - type: lora-affinity-scorer
            schedulingProfiles:
            - name: default
              plugins:
              - {pluginRef: queue-scorer, weight: 1}
              - {pluginRef: kv-cache-utilization-scorer, weight: 1}
              - {pluginRef: prefix-cache-scorer, weight: 1}
              - {pluginRef: lora-affinity-scorer, weight: 1}
            """;

    private record Pod(int waiting, double kvCache, List<String> adapters) {}

    interface Talk {
        void with(ProxySide proxy, PickerRig rig) throws Exception;
    }

    /** One case: servers, and what is said. */
    record Row(String name, List<Pod> pods, Talk talk) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Pod pod(int waiting, double kvCache, String... adapters) {
        return new Pod(waiting, kvCache, List.of(adapters));
    }

    private static Row row(String name, List<Pod> pods, Talk talk) {
        return new Row(name, pods, talk);
    }

    private static final List<Pod> ONE = List.of(pod(0, 0));
    private static final List<Pod> NONE = List.of();

    static Stream<Row> rows() {
        return Stream.of(
                        picks(),
                        subsets(),
                        rewrites(),
                        refusals(),
                        modes(),
                        answers(),
                        shapes(),
                        grpc())
                .flatMap(part -> part);
    }

    private static Stream<Row> picks() {
        return Stream.of(
                row(
                        "1: lower queue and cache",
                        List.of(pod(3, .2), pod(0, .1), pod(10, .2)),
                        picks("my-model", 2)),
                row(
                        "2: active adapter, low queue",
                        List.of(
                                pod(0, .2, "foo", "bar"),
                                pod(0, .1, "foo", "sql-lora-1fdg2"),
                                pod(10, .2, "foo", "bar")),
                        picks("sql-lora-1fdg2", 2)),
                row(
                        "3: an adapter beats a fuller cache",
                        List.of(
                                pod(10, .2, "foo", "bar"),
                                pod(10, .4, "foo", "sql-lora-1fdg2"),
                                pod(10, .3, "foo")),
                        picks("sql-lora-1fdg2", 2)),
                row(
                        "4: no shedding by default",
                        List.of(
                                pod(6, .2, "foo", "bar", "sql-lora-1fdg3"),
                                pod(0, .85, "foo"),
                                pod(10, .9, "foo")),
                        picks("sql-lora-1fdg3", 1)),
                row(
                        "7: a body in two pieces",
                        List.of(
                                pod(4, .2, "foo", "bar", "sql-lora-1fdg3"),
                                pod(4, .85, "foo", "sql-lora-1fdg3")),
                        (proxy, rig) -> {
                            String body = completion("sql-lora-1fdg3");
                            proxy.chatHeaders().requestBody(body.substring(0, 30), false);
                            proxy.requestBody(body.substring(30), true);
                            destination(proxy.reply(), rig.address(1));
                            assertThat(proxy.requestBodyReplies()).isEqualTo(body);
                        }));
    }

    private static Talk picks(String model, int pod) {
        return (proxy, rig) -> {
            proxy.chatHeaders("hi", "mom", "x-request-id", "test-request-id");
            proxy.requestBody(completion(model), true);
            CommonResponse headers = destination(proxy.reply(), rig.address(pod));
            Map<String, String> set = ProxySide.set(headers.getHeaderMutation());
            assertThat(set)
                    .containsEntry("content-length", "" + completion(model).length())
                    .doesNotContainKeys("hi", "x-request-id");
            assertThat(proxy.requestBodyReplies()).isEqualTo(completion(model));
        };
    }

    private static Stream<Row> subsets() {
        List<Pod> three = List.of(pod(0, .2, "foo"), pod(0, .1, "foo", "m"), pod(10, .2, "foo"));
        return Stream.of(
                row(
                        "10: the best of an offer of three",
                        three,
                        (proxy, rig) -> {
                            proxy.subset(rig.address(1), rig.address(2), rig.address(3));
                            asked(proxy, rig.address(2));
                        }),
                row(
                        "11: an offer of one",
                        three,
                        (proxy, rig) -> asked(proxy.subset(rig.address(3)), rig.address(3))),
                row(
                        "an offer without port",
                        three,
                        (proxy, rig) -> asked(proxy.subset("127.0.1.3"), rig.address(3))),
                row(
                        "an offer as a text with commas",
                        three,
                        (proxy, rig) -> {
                            String both = "10.9.9.9:80, " + rig.address(3);
                            proxy.subset(Value.newBuilder().setStringValue(both).build());
                            asked(proxy, rig.address(3));
                        }),
                row(
                        "an offer that is neither is no offer",
                        three,
                        (proxy, rig) -> {
                            proxy.subset(Value.newBuilder().setBoolValue(true).build());
                            asked(proxy, rig.address(2));
                        }),
                row(
                        "12: an offer of others",
                        three,
                        (proxy, rig) -> {
                            proxy.subset("192.168.1.99:8000").chatHeaders();
                            proxy.requestBody(completion("m"), true);
                            refused(proxy, 503, NO_CANDIDATES);
                        }),
                row(
                        "an empty offer",
                        three,
                        (proxy, rig) -> {
                            proxy.subset().chatHeaders().requestBody(completion("m"), true);
                            ImmediateResponse answer = refused(proxy, 503, NO_CANDIDATES);
                            assertThat(ProxySide.set(answer.getHeaders()))
                                    .containsEntry(
                                            "x-llm-d-request-dropped-reason",
                                            "rejected-no-endpoints");
                        }));
    }

    private static void asked(ProxySide proxy, String destination) throws Exception {
        proxy.chatHeaders().requestBody(completion("m"), true);
        destination(proxy.reply(), destination);
    }

    private static final String NO_CANDIDATES =
            "inference error: ServiceUnavailable - failed to find endpoint candidates for serving"
                    + " the request";

    private static Stream<Row> rewrites() {
        return Stream.of(
                row(
                        "14: a rule of the pool",
                        ONE,
                        (proxy, rig) -> {
                            proxy.chatHeaders()
                                    .requestBody("{ \"model\" :\"alias\" ,\"b\":1.0}", true);
                            proxy.reply();
                            assertThat(proxy.requestBodyReplies())
                                    .isEqualTo("{ \"model\" :\"rewritten\" ,\"b\":1.0}");
                        }),
                row(
                        "a header of a trusted hop, new name before old",
                        ONE,
                        (proxy, rig) -> {
                            proxy.chatHeaders(
                                    "x-gateway-model-name-rewrite",
                                    "old",
                                    "x-llm-d-model-name-rewrite",
                                    "new");
                            proxy.requestBody(completion("m"), true);
                            CommonResponse headers = destination(proxy.reply(), rig.address(1));
                            assertThat(headers.getHeaderMutation().getRemoveHeadersList())
                                    .contains(
                                            "x-llm-d-model-name-rewrite",
                                            "x-gateway-model-name-rewrite");
                            assertThat(proxy.requestBodyReplies()).isEqualTo(completion("new"));
                        }),
                row(
                        "a rule beats the header",
                        ONE,
                        (proxy, rig) -> {
                            proxy.chatHeaders("x-llm-d-model-name-rewrite", "other");
                            proxy.requestBody(completion("alias"), true);
                            proxy.reply();
                            assertThat(proxy.requestBodyReplies())
                                    .isEqualTo(completion("rewritten"));
                        }));
    }

    private static Stream<Row> refusals() {
        return Stream.of(
                row(
                        "6: not JSON",
                        ONE,
                        (proxy, rig) -> {
                            proxy.chatHeaders().requestBody("no healthy upstream", true);
                            ImmediateResponse answer = proxy.reply().getImmediateResponse();
                            assertThat(answer.getStatus().getCodeValue()).isEqualTo(400);
                            assertThat(answer.getBody().toStringUtf8())
                                    .startsWith("inference error: BadRequest - ");
                            assertThat(proxy.hasEnded()).isTrue();
                        }),
                row(
                        "8: no servers, no body",
                        NONE,
                        (proxy, rig) -> {
                            proxy.requestHeaders(true, ":method", "GET", ":path", "/v1/models");
                            refused(proxy, 503, NO_CANDIDATES);
                        }),
                row(
                        "no servers",
                        NONE,
                        (proxy, rig) -> {
                            proxy.chatHeaders().requestBody(completion("m"), true);
                            refused(proxy, 503, NO_CANDIDATES);
                        }),
                row(
                        "9: no model",
                        ONE,
                        (proxy, rig) -> {
                            proxy.chatHeaders().requestBody("{\"prompt\":\"hello world\"}", true);
                            refused(
                                    proxy,
                                    400,
                                    "inference error: BadRequest - model not found in request"
                                            + " body");
                        }),
                row(
                        "a body over the limit",
                        ONE,
                        (proxy, rig) -> {
                            proxy.chatHeaders();
                            proxy.requestBody("x".repeat(600_000), false);
                            proxy.requestBody("x".repeat(600_000), false);
                            refused(
                                    proxy,
                                    413,
                                    "inference error: PayloadTooLarge - request body is too"
                                            + " large");
                        }));
    }

    private static Stream<Row> modes() {
        return Stream.of(
                row(
                        "15: a request without a body is picked at once",
                        ONE,
                        (proxy, rig) -> {
                            proxy.requestHeaders(true, ":method", "GET", ":path", "/v1/models");
                            CommonResponse headers = destination(proxy.reply(), rig.address(1));
                            assertThat(ProxySide.set(headers.getHeaderMutation()))
                                    .containsOnlyKeys(
                                            "x-gateway-destination-endpoint", "x-request-id");
                        }),
                row(
                        "buffered: the body's answer names the destination",
                        ONE,
                        (proxy, rig) -> {
                            proxy.mode(BodySendMode.BUFFERED).chatHeaders();
                            assertThat(proxy.reply().hasRequestHeaders()).isTrue();
                            proxy.requestBody(completion("alias"), true);
                            CommonResponse body = proxy.reply().getRequestBody().getResponse();
                            assertThat(ProxySide.set(body.getHeaderMutation()))
                                    .containsEntry(
                                            "x-gateway-destination-endpoint", rig.address(1));
                            assertThat(body.getBodyMutation().getBody().toStringUtf8())
                                    .isEqualTo(completion("rewritten"));
                        }),
                row(
                        "streamed: picked by the headers, pieces pass",
                        ONE,
                        (proxy, rig) -> {
                            proxy.mode(BodySendMode.STREAMED).chatHeaders();
                            destination(proxy.reply(), rig.address(1));
                            proxy.requestBody("{\"mo", false).requestBody("del\":\"m\"}", true);
                            for (int i = 0; i < 2; i++) {
                                CommonResponse piece = proxy.reply().getRequestBody().getResponse();
                                assertThat(piece).isEqualTo(CommonResponse.getDefaultInstance());
                            }
                        }),
                row(
                        "headers only: picked by the headers",
                        ONE,
                        (proxy, rig) -> {
                            proxy.mode(BodySendMode.NONE).chatHeaders();
                            destination(proxy.reply(), rig.address(1));
                        }),
                row(
                        "trailers end a body",
                        ONE,
                        (proxy, rig) -> {
                            proxy.chatHeaders().requestBody(completion("m"), false);
                            proxy.requestTrailers();
                            destination(proxy.reply(), rig.address(1));
                            var piece = proxy.reply().getRequestBody().getResponse();
                            assertThat(
                                            piece.getBodyMutation()
                                                    .getStreamedResponse()
                                                    .getEndOfStream())
                                    .isFalse();
                            assertThat(proxy.reply().hasRequestTrailers()).isTrue();
                        }),
                row(
                        "a large body goes back in pieces that Envoy takes",
                        ONE,
                        (proxy, rig) -> {
                            String body =
                                    "{\"model\":\"m\",\"prompt\":\"" + "x".repeat(900_000) + "\"}";
                            proxy.chatHeaders().requestBody(body, true);
                            proxy.reply();
                            assertThat(proxy.requestBodyReplies()).isEqualTo(body);
                        }));
    }

    private static Stream<Row> answers() {
        return Stream.of(
                row(
                        "16: a JSON answer in two pieces",
                        ONE,
                        (proxy, rig) -> {
                            answering(proxy, rig, "application/json", "m");
                            proxy.responseBody("{\"choices\":", false).responseBody("[]}", true);
                            assertThat(proxy.responsePiece()).isEqualTo("{\"choices\":");
                            assertThat(proxy.responsePiece()).isEqualTo("[]}|");
                        }),
                row(
                        "17: an answer that is no JSON",
                        ONE,
                        (proxy, rig) -> {
                            answering(proxy, rig, "text/plain", "m");
                            proxy.responseBody("no healthy upstream", true);
                            assertThat(proxy.responsePiece()).isEqualTo("no healthy upstream|");
                        }),
                row(
                        "18: an empty last piece",
                        ONE,
                        (proxy, rig) -> {
                            answering(proxy, rig, "application/json", "m");
                            proxy.responseBody("{}", false).responseBody("", true);
                            assertThat(proxy.responsePiece()).isEqualTo("{}");
                            assertThat(proxy.responsePiece()).isEqualTo("|");
                        }),
                row(
                        "19: usage of a stream",
                        ONE,
                        (proxy, rig) -> {
                            answering(proxy, rig, "text/event-stream", "m");
                            proxy.responseBody("data: {}\n\n", false);
                            proxy.responseBody(USAGE + "data: [DONE]\n\n", false);
                            proxy.responseBody("", true);
                            assertThat(proxy.responsePiece()).isEqualTo("data: {}\n\n");
                            assertThat(proxy.responsePiece()).contains("[DONE]");
                            assertThat(proxy.responsePiece()).isEqualTo("|");
                            var usage = requireNonNull(rig.finished.getFirst().usage);
                            assertThat(usage.promptTokens()).isEqualTo(7);
                            assertThat(usage.completionTokens()).isEqualTo(10);
                            assertThat(rig.inFlight()).isZero();
                        }),
                row(
                        "the model's name is put back, even when it is split",
                        ONE,
                        (proxy, rig) -> {
                            answering(proxy, rig, "text/event-stream", "alias");
                            proxy.responseBody("data: {\"id\":\"1\",\"model\": \"rewr", false);
                            proxy.responseBody("itten\",\"x\":1}\n\n", true);
                            String all = proxy.responsePiece() + proxy.responsePiece();
                            assertThat(all)
                                    .isEqualTo(
                                            "data: {\"id\":\"1\",\"model\": \"alias\",\"x\":1}\n\n|");
                        }),
                row(
                        "a stream without usage need not be sent",
                        ONE,
                        (proxy, rig) -> {
                            proxy.chatHeaders().requestBody(completion("m"), true);
                            proxy.reply();
                            proxy.requestBodyReplies();
                            proxy.responseHeaders(
                                    rig.address(1),
                                    ":status",
                                    "200",
                                    "content-type",
                                    "text/event-stream");
                            var override = proxy.reply().getModeOverride();
                            assertThat(override.getResponseBodyMode()).isEqualTo(BodySendMode.NONE);
                            assertThat(override.getRequestBodyMode())
                                    .isEqualTo(BodySendMode.FULL_DUPLEX_STREAMED);
                        }),
                row(
                        "an answer with trailers",
                        ONE,
                        (proxy, rig) -> {
                            answering(proxy, rig, "application/json", "m");
                            proxy.responseBody("{}", false).responseTrailers();
                            assertThat(proxy.responsePiece()).isEqualTo("{}");
                            assertThat(proxy.reply().hasResponseTrailers()).isTrue();
                            assertThat(rig.inFlight()).isZero();
                        }));
    }

    private static final String USAGE =
            "data: {\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":10,\"total_tokens\":17}}\n\n";

    /** Goes through the request, and through the answer's headers. */
    private static void answering(ProxySide proxy, PickerRig rig, String type, String model)
            throws Exception {
        proxy.chatHeaders();
        proxy.requestBody(
                "{\"model\":\""
                        + model
                        + "\",\"stream\":true,\"stream_options\":{\"include_usage\":true}}",
                true);
        proxy.reply();
        proxy.requestBodyReplies();
        proxy.responseHeaders(rig.address(1), ":status", "200", "content-type", type);
        CommonResponse headers = proxy.reply().getResponseHeaders().getResponse();
        assertThat(ProxySide.set(headers.getHeaderMutation()))
                .containsEntry("x-went-into-resp-headers", "true");
    }

    private static Stream<Row> shapes() {
        return Stream.of(
                row(
                        "header names of any case, values in either field",
                        ONE,
                        (proxy, rig) -> {
                            proxy.chatHeaders("X-LLM-D-Inference-Objective", "sql-lora");
                            proxy.requestBody(completion("m"), true);
                            CommonResponse headers = destination(proxy.reply(), rig.address(1));
                            assertThat(headers.getHeaderMutation().getRemoveHeadersList())
                                    .contains("x-llm-d-inference-objective");
                            proxy.requestBodyReplies();
                            proxy.answer(true, ":status", "200");
                            proxy.reply();
                            assertThat(rig.finished.getFirst().priority).isEqualTo(2);
                        }),
                row(
                        "an unknown objective counts as none",
                        ONE,
                        (proxy, rig) -> {
                            proxy.chatHeaders("x-gateway-inference-objective", "unheard-of");
                            asked(proxy.requestBody(completion("m"), true), rig);
                        }),
                row(
                        "a client's destination is replaced",
                        ONE,
                        (proxy, rig) -> {
                            proxy.chatHeaders("x-gateway-destination-endpoint", "10.6.6.6:80");
                            proxy.requestBody(completion("m"), true);
                            destination(proxy.reply(), rig.address(1));
                        }),
                row(
                        "an empty message changes nothing",
                        ONE,
                        (proxy, rig) -> {
                            proxy.nothing().chatHeaders().nothing();
                            asked(proxy.requestBody(completion("m"), true), rig);
                        }));
    }

    private static void asked(ProxySide proxy, PickerRig rig) throws Exception {
        destination(proxy.reply(), rig.address(1));
    }

    private static Stream<Row> grpc() {
        String framed = "\u0000\u0000\u0000\u0000\u0005hello";
        return Stream.of(
                row(
                        "gRPC 1, 5: frames pass unchanged, picked by load",
                        List.of(pod(6, .2), pod(0, .1)),
                        (proxy, rig) -> {
                            grpcHeaders(proxy).requestBody(framed.substring(0, 4), false);
                            proxy.requestBody(framed.substring(4), true);
                            destination(proxy.reply(), rig.address(2));
                            assertThat(proxy.requestBodyReplies()).isEqualTo(framed);
                        }),
                row(
                        "gRPC 6: no servers",
                        NONE,
                        (proxy, rig) -> {
                            grpcHeaders(proxy).requestBody(framed, true);
                            refused(proxy, 503, NO_CANDIDATES);
                        }),
                row(
                        "gRPC 10: answers end with trailers",
                        ONE,
                        (proxy, rig) -> {
                            grpcHeaders(proxy).requestBody(framed, true);
                            proxy.reply();
                            proxy.requestBodyReplies();
                            proxy.answer(
                                    false, ":status", "200", "content-type", "application/grpc");
                            proxy.reply();
                            proxy.responseBody(framed, false).responseTrailers();
                            assertThat(proxy.responsePiece()).isEqualTo(framed);
                            assertThat(proxy.reply().hasResponseTrailers()).isTrue();
                        }));
    }

    private static ProxySide grpcHeaders(ProxySide proxy) {
        return proxy.requestHeaders(
                false,
                ":method",
                "POST",
                ":path",
                "/vllm.grpc.engine.VllmEngine/Generate",
                "content-type",
                "application/grpc");
    }

    @ParameterizedTest
    @MethodSource("rows")
    void holds(Row row) throws Exception {
        try (PickerRig rig = rig(row);
                ProxySide proxy = rig.open()) {
            row.talk.with(proxy, rig);
        }
    }

    private static PickerRig rig(Row row) throws IOException {
        PickerOptions defaults = PickerOptions.DEFAULTS;
        PickerRig rig =
                PickerRig.start(
                        new PickerOptions(
                                1 << 20,
                                1,
                                false,
                                false,
                                defaults.responseBodies(),
                                defaults.idleTimeout()));
        for (Pod pod : row.pods) {
            rig.pod(pod.waiting, pod.kvCache, pod.adapters.toArray(String[]::new));
        }
        return rig.ready(SCORERS);
    }

    private static String completion(String model) {
        return "{\"max_tokens\":100,\"model\":\""
                + model
                + "\",\"prompt\":\"test1\",\"temperature\":0}";
    }

    /** Header and metadata say the same. */
    private static CommonResponse destination(ProcessingResponse reply, String expected) {
        assertThat(reply.hasRequestHeaders()).as(reply.toString()).isTrue();
        CommonResponse headers = reply.getRequestHeaders().getResponse();
        assertThat(headers.getClearRouteCache()).isTrue();
        assertThat(ProxySide.set(headers.getHeaderMutation()))
                .containsEntry("x-gateway-destination-endpoint", expected);
        Value value =
                reply.getDynamicMetadata()
                        .getFieldsOrThrow("envoy.lb")
                        .getStructValue()
                        .getFieldsOrThrow("x-gateway-destination-endpoint");
        assertThat(value.getStringValue()).isEqualTo(expected);
        return headers;
    }

    private static ImmediateResponse refused(ProxySide proxy, int status, String text)
            throws InterruptedException {
        ProcessingResponse reply = proxy.reply();
        assertThat(reply.hasImmediateResponse()).as(reply.toString()).isTrue();
        ImmediateResponse answer = reply.getImmediateResponse();
        assertThat(answer.getStatus().getCodeValue()).isEqualTo(status);
        assertThat(answer.getBody().toStringUtf8()).isEqualTo(text);
        assertThat(proxy.hasEnded()).isTrue();
        return answer;
    }
}

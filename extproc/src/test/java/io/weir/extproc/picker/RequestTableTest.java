package io.weir.extproc.picker;

import static io.weir.extproc.picker.ProtocolTable.NONE;
import static io.weir.extproc.picker.ProtocolTable.NO_CANDIDATES;
import static io.weir.extproc.picker.ProtocolTable.ONE;
import static io.weir.extproc.picker.ProtocolTable.asked;
import static io.weir.extproc.picker.ProtocolTable.completion;
import static io.weir.extproc.picker.ProtocolTable.destination;
import static io.weir.extproc.picker.ProtocolTable.pod;
import static io.weir.extproc.picker.ProtocolTable.refused;
import static io.weir.extproc.picker.ProtocolTable.row;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Value;

import io.envoyproxy.envoy.extensions.filters.http.ext_proc.v3.ProcessingMode.BodySendMode;
import io.envoyproxy.envoy.service.ext_proc.v3.CommonResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.ImmediateResponse;
import io.weir.extproc.picker.ProtocolTable.Pod;
import io.weir.extproc.picker.ProtocolTable.Row;
import io.weir.extproc.picker.ProtocolTable.Talk;
import io.weir.extproc.testing.ProxySide;
import io.weir.picker.EndpointSnapshot;
import io.weir.telemetry.ExchangeRecord;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Requests, case by case, over a real gRPC channel and with the real picker. Numbers are those of
 * the reference's hermetic suite; where Weir differs on purpose, docs/differences.md says why.
 */
class RequestTableTest {

    static Stream<Row> rows() {
        return Stream.of(
                        picks(),
                        subsets(),
                        rewrites(),
                        refusals(),
                        modes(),
                        objectives(),
                        bodies(),
                        shapes())
                .flatMap(part -> part);
    }

    private static Stream<Row> picks() {
        return Stream.of(
                row(
                        "1: lower queue and cache",
                        List.of(pod(3, .2), pod(0, .1), pod(10, .2)),
                        picks("my-model", "my-model-12345", 2, 2)),
                row(
                        "2: active adapter, low queue",
                        List.of(
                                pod(0, .2, "foo", "bar"),
                                pod(0, .1, "foo", "sql-lora-1fdg2"),
                                pod(10, .2, "foo", "bar")),
                        picks("sql-lora", "sql-lora-1fdg2", 2, 2)),
                row(
                        "3: an adapter beats a fuller cache",
                        List.of(
                                pod(10, .2, "foo", "bar"),
                                pod(10, .4, "foo", "sql-lora-1fdg2"),
                                pod(10, .3, "foo")),
                        picks("sql-lora", "sql-lora-1fdg2", 2, 2)),
                row(
                        "4: no shedding by default",
                        List.of(
                                pod(6, .2, "foo", "bar", "sql-lora-1fdg3"),
                                pod(0, .85, "foo"),
                                pod(10, .9, "foo")),
                        picks("sql-lora-sheddable", "sql-lora-1fdg3", 1, 0)),
                row(
                        "7: a body in two pieces",
                        List.of(
                                pod(4, .2, "foo", "bar", "sql-lora-1fdg3"),
                                pod(4, .85, "foo", "sql-lora-1fdg3")),
                        (proxy, rig) -> {
                            String body = completion("sql-lora-sheddable");
                            inferenceHeaders(proxy, "sql-lora-sheddable", "sql-lora-1fdg3");
                            proxy.requestBody(body.substring(0, 30), false);
                            proxy.requestBody(body.substring(30), true);
                            destination(proxy.reply(), rig.address(1));
                            assertThat(proxy.requestBodyReplies())
                                    .isEqualTo(completion("sql-lora-1fdg3"));
                            recorded(proxy, rig, "sql-lora-sheddable", "sql-lora-1fdg3", 0);
                        }));
    }

    /** A request as the reference's suite sends them: an objective, and a target model. */
    private static Talk picks(String model, String target, int pod, int priority) {
        return (proxy, rig) -> {
            inferenceHeaders(proxy, model, target).requestBody(completion(model), true);
            CommonResponse headers = destination(proxy.reply(), rig.address(pod));
            Map<String, String> set = ProxySide.set(headers.getHeaderMutation());
            assertThat(set)
                    .containsEntry("content-length", "" + completion(target).length())
                    .doesNotContainKeys("hi", "x-request-id");
            assertThat(proxy.requestBodyReplies()).isEqualTo(completion(target));
            recorded(proxy, rig, model, target, priority);
        };
    }

    private static ProxySide inferenceHeaders(ProxySide proxy, String model, String target) {
        return proxy.chatHeaders(
                "hi",
                "mom",
                "x-request-id",
                "test-request-id",
                "x-llm-d-inference-objective",
                model,
                "x-llm-d-model-name-rewrite",
                target);
    }

    /** What becomes the labels of the request's metrics. */
    private static void recorded(
            ProxySide proxy,
            PickerRig rig,
            @Nullable String model,
            @Nullable String target,
            int priority)
            throws Exception {
        proxy.endStream();
        assertThat(proxy.hasEnded()).isTrue();
        ExchangeRecord record = rig.finished.getFirst();
        assertThat(record.model).isEqualTo(model);
        assertThat(record.targetModel).isEqualTo(target);
        assertThat(record.priority).isEqualTo(priority);
        assertThat(rig.picker().endpoints()).allMatch(EndpointSnapshot::healthy);
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
                            ImmediateResponse answer = refused(proxy, 503, NO_CANDIDATES);
                            assertThat(ProxySide.set(answer.getHeaders()))
                                    .containsEntry(
                                            "x-llm-d-request-dropped-reason",
                                            "rejected-no-endpoints");
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
                            recorded(proxy, rig, "alias", "rewritten", 0);
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

    private static Stream<Row> objectives() {
        List<Pod> pods = List.of(pod(0, .2), pod(4, .85));
        return Stream.of(
                row(
                        "13: a model that no rule names, in two pieces",
                        pods,
                        (proxy, rig) -> {
                            String body = completion("direct-model");
                            inferenceHeaders(proxy, "direct-model", "direct-model");
                            proxy.requestBody(body.substring(0, 25), false);
                            proxy.requestBody(body.substring(25), true);
                            destination(proxy.reply(), rig.address(1));
                            assertThat(proxy.requestBodyReplies()).isEqualTo(body);
                            recorded(proxy, rig, "direct-model", "direct-model", 2);
                        }),
                row(
                        "sheddable: served as long as there is room",
                        pods,
                        (proxy, rig) -> {
                            proxy.chatHeaders("x-gateway-inference-objective", "sheddable");
                            proxy.requestBody(completion("m"), true);
                            destination(proxy.reply(), rig.address(1));
                        }),
                row(
                        "sheddable: dropped by a saturated pool",
                        List.of(pod(60, .97)),
                        (proxy, rig) -> {
                            proxy.chatHeaders("x-gateway-inference-objective", "sheddable");
                            proxy.requestBody(completion("m"), true);
                            ImmediateResponse answer = proxy.reply().getImmediateResponse();
                            assertThat(answer.getStatus().getCodeValue()).isEqualTo(429);
                            assertThat(answer.getBody().toStringUtf8())
                                    .startsWith("inference error: ResourceExhausted - ");
                        }),
                row(
                        "priority 0: never dropped without flow control",
                        List.of(pod(60, .97)),
                        (proxy, rig) -> asked(proxy, rig.address(1))));
    }

    private static Stream<Row> bodies() {
        return Stream.of(
                row(
                        "5: a path and a body that nobody knows, picked by load",
                        List.of(pod(3, .2), pod(0, .1), pod(10, .2)),
                        (proxy, rig) -> {
                            proxy.requestHeaders(
                                    false,
                                    ":method",
                                    "POST",
                                    ":path",
                                    "/any",
                                    "content-type",
                                    "application/octet-stream",
                                    "x-gateway-inference-objective",
                                    "my-model");
                            proxy.requestBody("passthrough-parser", true);
                            destination(proxy.reply(), rig.address(2));
                            assertThat(proxy.requestBodyReplies()).isEqualTo("passthrough-parser");
                            recorded(proxy, rig, null, null, 2);
                        }),
                row(
                        "an empty body is one empty piece",
                        ONE,
                        (proxy, rig) -> {
                            proxy.requestHeaders(
                                    false,
                                    ":method",
                                    "POST",
                                    ":path",
                                    "/any",
                                    "content-type",
                                    "a/b");
                            proxy.requestBody("", true);
                            destination(proxy.reply(), rig.address(1));
                            assertThat(proxy.requestBodyReplies()).isEmpty();
                        }),
                row(
                        "a model that is no text",
                        ONE,
                        (proxy, rig) -> {
                            proxy.chatHeaders().requestBody("{\"model\":7}", true);
                            ImmediateResponse answer = proxy.reply().getImmediateResponse();
                            assertThat(answer.getStatus().getCodeValue()).isEqualTo(400);
                        }));
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

    @ParameterizedTest
    @MethodSource("rows")
    void holds(Row row) throws Exception {
        row.hold();
    }
}

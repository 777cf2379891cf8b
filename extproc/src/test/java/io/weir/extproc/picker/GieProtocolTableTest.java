package io.weir.extproc.picker;

import static io.weir.extproc.picker.ProtocolTable.NONE;
import static io.weir.extproc.picker.ProtocolTable.NO_CANDIDATES;
import static io.weir.extproc.picker.ProtocolTable.ONE;
import static io.weir.extproc.picker.ProtocolTable.answering;
import static io.weir.extproc.picker.ProtocolTable.asked;
import static io.weir.extproc.picker.ProtocolTable.completion;
import static io.weir.extproc.picker.ProtocolTable.destination;
import static io.weir.extproc.picker.ProtocolTable.pod;
import static io.weir.extproc.picker.ProtocolTable.refused;
import static io.weir.extproc.picker.ProtocolTable.row;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.Objects.requireNonNull;

import com.google.protobuf.ByteString;
import com.google.protobuf.ListValue;
import com.google.protobuf.Value;

import io.envoyproxy.envoy.extensions.filters.http.ext_proc.v3.ProcessingMode.BodySendMode;
import io.envoyproxy.envoy.service.ext_proc.v3.CommonResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.ImmediateResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.weir.extproc.picker.ProtocolTable.Pod;
import io.weir.extproc.picker.ProtocolTable.Row;
import io.weir.extproc.picker.ProtocolTable.Setup;
import io.weir.extproc.picker.ProtocolTable.Talk;
import io.weir.extproc.testing.ProxySide;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The endpoint picker protocol of the Gateway API Inference Extension, statement by statement, over
 * a real gRPC channel: what the tables of requests, answers, handlers and the director do not show.
 * Where Weir differs on purpose, docs/differences.md says why.
 */
class GieProtocolTableTest {

    private static final String DESTINATION = "x-gateway-destination-endpoint";
    private static final String SERVED = "x-gateway-destination-endpoint-served";
    private static final String VERIFIED = "x-conformance-test-served-endpoint";
    private static final String JSON = "application/json";
    private static final List<Pod> TWO = List.of(pod(0, .1), pod(5, .5));
    private static final int MOST_PIECE_BYTES = 62_000;

    private static final String VERIFIER =
            """
            plugins:
            - type: destination-endpoint-served-verifier
            - type: queue-scorer
            schedulingProfiles:
            - name: default
              plugins: [{pluginRef: queue-scorer}]
            """;

    static Stream<Row> rows() {
        return Stream.of(
                        offers(),
                        destinations(),
                        headers(),
                        pieces(),
                        served(),
                        answers(),
                        usage(),
                        refusals())
                .flatMap(part -> part);
    }

    /* The data plane may offer a subset, which the picker must choose from. */

    private static Stream<Row> offers() {
        return Stream.of(
                row(
                        "offer: counts without a body, too",
                        TWO,
                        (proxy, rig) -> {
                            proxy.subset(rig.address(2));
                            get(proxy);
                            destination(proxy.reply(), rig.address(2));
                        }),
                row(
                        "offer: an empty one is a 503 without a body, too",
                        TWO,
                        (proxy, rig) -> {
                            get(proxy.subset());
                            refused(proxy, 503, NO_CANDIDATES);
                        }),
                row(
                        "offer: counts where pieces stream past",
                        TWO,
                        (proxy, rig) -> {
                            proxy.mode(BodySendMode.STREAMED).subset(rig.address(2)).chatHeaders();
                            destination(proxy.reply(), rig.address(2));
                        }),
                row(
                        "offer: counts where bodies come whole",
                        TWO,
                        (proxy, rig) -> {
                            proxy.mode(BodySendMode.BUFFERED).subset(rig.address(2)).chatHeaders();
                            proxy.reply();
                            proxy.requestBody(completion("m"), true);
                            inBody(proxy.reply(), rig.address(2));
                        }),
                row(
                        "offer: may come with the body",
                        TWO,
                        (proxy, rig) -> {
                            proxy.chatHeaders();
                            proxy.subset(rig.address(2)).requestBody(completion("m"), true);
                            destination(proxy.reply(), rig.address(2));
                        }),
                row(
                        "offer: one that is not in the pool is left out",
                        TWO,
                        (proxy, rig) -> {
                            proxy.subset("10.9.9.9:8000", rig.address(2));
                            asked(proxy, rig.address(2));
                        }),
                row(
                        "offer: another port of a server is not its own",
                        TWO,
                        (proxy, rig) -> {
                            proxy.subset("127.0.1.1:1").chatHeaders();
                            proxy.requestBody(completion("m"), true);
                            refused(proxy, 503, NO_CANDIDATES);
                        }),
                row(
                        "offer: a client's header is none, and goes no further",
                        TWO,
                        (proxy, rig) -> {
                            String name = DESTINATION + "-subset";
                            proxy.chatHeaders(name, rig.address(2));
                            proxy.requestBody(completion("m"), true);
                            CommonResponse headers = destination(proxy.reply(), rig.address(1));
                            assertThat(headers.getHeaderMutation().getRemoveHeadersList())
                                    .containsExactly(name);
                        }));
    }

    private static void get(ProxySide proxy) {
        proxy.requestHeaders(true, ":method", "GET", ":path", "/v1/models");
    }

    /** Header and metadata of a whole body's answer say the same. */
    private static void inBody(ProcessingResponse reply, String expected) {
        CommonResponse body = reply.getRequestBody().getResponse();
        assertThat(body.getClearRouteCache()).isTrue();
        assertThat(ProxySide.set(body.getHeaderMutation())).containsEntry(DESTINATION, expected);
        assertThat(inMetadata(reply)).isEqualTo(expected);
    }

    private static String inMetadata(ProcessingResponse reply) {
        return reply.getDynamicMetadata()
                .getFieldsOrThrow("envoy.lb")
                .getStructValue()
                .getFieldsOrThrow(DESTINATION)
                .getStringValue();
    }

    /* The destination, in header and metadata, is a list in the order of fallbacks. */

    private static Stream<Row> destinations() {
        Setup two = Setup.USUAL.fallbacks(2);
        return Stream.of(
                row(
                        "destination: a list says the same in header and metadata",
                        TWO,
                        two,
                        (proxy, rig) -> asked(proxy, rig.address(1) + "," + rig.address(2))),
                row(
                        "destination: a list for a request without a body",
                        TWO,
                        two,
                        (proxy, rig) -> {
                            get(proxy);
                            String list = rig.address(1) + "," + rig.address(2);
                            destination(proxy.reply(), list);
                        }),
                row(
                        "destination: a list for a body that comes whole",
                        TWO,
                        two,
                        (proxy, rig) -> {
                            proxy.mode(BodySendMode.BUFFERED).chatHeaders();
                            proxy.reply();
                            proxy.requestBody(completion("m"), true);
                            inBody(proxy.reply(), rig.address(1) + "," + rig.address(2));
                        }),
                row(
                        "destination: a list does not leave the offer",
                        TWO,
                        two,
                        (proxy, rig) -> asked(proxy.subset(rig.address(2)), rig.address(2))));
    }

    private static Stream<Row> headers() {
        return Stream.of(
                row(
                        "headers: all that control the picker go no further",
                        ONE,
                        (proxy, rig) -> {
                            proxy.chatHeaders(
                                    "x-gateway-inference-objective",
                                    "sql-lora",
                                    "x-gateway-inference-fairness-id",
                                    "team",
                                    "x-gateway-model-name-rewrite",
                                    "m",
                                    SERVED,
                                    "10.6.6.6:80");
                            proxy.requestBody(completion("m"), true);
                            CommonResponse headers = destination(proxy.reply(), rig.address(1));
                            assertThat(headers.getHeaderMutation().getRemoveHeadersList())
                                    .containsExactlyInAnyOrder(
                                            "x-gateway-inference-objective",
                                            "x-gateway-inference-fairness-id",
                                            "x-gateway-model-name-rewrite",
                                            SERVED);
                        }),
                row(
                        "headers: an id is made up where none is given",
                        ONE,
                        (proxy, rig) -> {
                            proxy.chatHeaders().requestBody(completion("m"), true);
                            CommonResponse headers = destination(proxy.reply(), rig.address(1));
                            String id =
                                    ProxySide.set(headers.getHeaderMutation()).get("x-request-id");
                            assertThat(UUID.fromString(requireNonNull(id)).version()).isEqualTo(4);
                        }),
                row(
                        "headers: a path that a proxy forwards names the API",
                        ONE,
                        (proxy, rig) -> {
                            proxy.requestHeaders(
                                    false,
                                    ":method",
                                    "POST",
                                    "x-forwarded-path",
                                    "/v1/responses",
                                    "content-type",
                                    JSON);
                            proxy.requestBody("{\"input\":\"hello\"}", true);
                            status(proxy, 400);
                        }),
                row(
                        "headers: without a path it is a completion",
                        ONE,
                        (proxy, rig) -> {
                            proxy.requestHeaders(false, ":method", "POST", "content-type", JSON);
                            proxy.requestBody("{\"prompt\":\"hello\"}", true);
                            status(proxy, 400);
                        }));
    }

    private static ImmediateResponse status(ProxySide proxy, int expected) throws Exception {
        ImmediateResponse answer = proxy.reply().getImmediateResponse();
        assertThat(answer.getStatus().getCodeValue()).isEqualTo(expected);
        return answer;
    }

    /* Bodies go back in pieces that fit into a message. */

    private static Stream<Row> pieces() {
        return Stream.of(
                row(
                        "pieces: a request's are no larger than 62,000 bytes, the last one ends it",
                        ONE,
                        (proxy, rig) -> {
                            String body = completion("m").replace("test1", "x".repeat(200_000));
                            proxy.chatHeaders().requestBody(body, true);
                            destination(proxy.reply(), rig.address(1));
                            ByteString all = ByteString.EMPTY;
                            boolean ended = false;
                            while (!ended) {
                                var piece =
                                        proxy.reply()
                                                .getRequestBody()
                                                .getResponse()
                                                .getBodyMutation()
                                                .getStreamedResponse();
                                assertThat(piece.getBody().size()).isBetween(1, MOST_PIECE_BYTES);
                                all = all.concat(piece.getBody());
                                ended = piece.getEndOfStream();
                            }
                            assertThat(all.toStringUtf8()).isEqualTo(body);
                        }),
                row(
                        "pieces: an answer's are no larger than 62,000 bytes, the last one ends it",
                        ONE,
                        (proxy, rig) -> {
                            answering(proxy, rig, "text/plain", "m");
                            String body = "y".repeat(150_000);
                            proxy.responseBody(body, true);
                            assertThat(proxy.responsePiece()).hasSize(MOST_PIECE_BYTES);
                            assertThat(proxy.responsePiece()).hasSize(MOST_PIECE_BYTES);
                            assertThat(proxy.responsePiece()).hasSize(26_000 + 1).endsWith("|");
                        }));
    }

    /* The data plane tells which endpoint it used. */

    private static Stream<Row> served() {
        Setup verified = Setup.USUAL.config(VERIFIER);
        return Stream.of(
                row(
                        "served: the proxy went down the list",
                        TWO,
                        Setup.USUAL.fallbacks(2),
                        (proxy, rig) -> {
                            usedBy(proxy, rig.address(2));
                            assertThat(inFlight(rig, 1)).isZero();
                            assertThat(inFlight(rig, 2)).isEqualTo(1);
                            proxy.responseBody("{}", true);
                            proxy.responsePiece();
                            assertThat(rig.inFlight()).isZero();
                            assertThat(rig.finished.getFirst().endpoint)
                                    .extracting(endpoint -> requireNonNull(endpoint).authority())
                                    .isEqualTo(rig.address(2));
                        }),
                row(
                        "served: one that was not picked changes no count",
                        TWO,
                        (proxy, rig) -> {
                            usedBy(proxy, rig.address(2));
                            assertThat(inFlight(rig, 1)).isEqualTo(1);
                            proxy.responseBody("{}", true);
                            proxy.responsePiece();
                            assertThat(rig.inFlight()).isZero();
                        }),
                row(
                        "served: told to clients where a test asks for it",
                        ONE,
                        verified,
                        (proxy, rig) ->
                                assertThat(usedBy(proxy, rig.address(1)))
                                        .containsEntry(VERIFIED, rig.address(1))),
                row(
                        "served: a test is told when the metadata lack it",
                        ONE,
                        verified,
                        (proxy, rig) ->
                                assertThat(usedBy(proxy, null))
                                        .containsEntry(
                                                VERIFIED,
                                                "fail: missing destination endpoint served"
                                                        + " metadata")),
                row(
                        "served: a test is told when there are no metadata",
                        ONE,
                        verified,
                        (proxy, rig) -> {
                            proxy.chatHeaders().requestBody(completion("m"), true);
                            proxy.reply();
                            proxy.requestBodyReplies();
                            proxy.answer(true, ":status", "200");
                            assertThat(changes(proxy))
                                    .containsEntry(VERIFIED, "fail: missing envoy lb metadata");
                        }),
                row(
                        "served: clients are told nothing otherwise",
                        ONE,
                        (proxy, rig) ->
                                assertThat(usedBy(proxy, rig.address(1)))
                                        .doesNotContainKey(VERIFIED)));
    }

    /** Goes through a request and the answer's headers; returns what is set in them. */
    private static Map<String, String> usedBy(ProxySide proxy, @Nullable String served)
            throws Exception {
        proxy.chatHeaders().requestBody(completion("m"), true);
        proxy.reply();
        proxy.requestBodyReplies();
        Value value = Value.newBuilder().setStringValue(String.valueOf(served)).build();
        String key = served == null ? "another" : SERVED;
        proxy.answer(key, value, ":status", "200", "content-type", JSON);
        return changes(proxy);
    }

    private static Map<String, String> changes(ProxySide proxy) throws Exception {
        CommonResponse headers = proxy.reply().getResponseHeaders().getResponse();
        return ProxySide.set(headers.getHeaderMutation());
    }

    private static int inFlight(PickerRig rig, int pod) {
        return rig.picker().endpoints().get(pod - 1).inFlightRequests();
    }

    private static Stream<Row> answers() {
        return Stream.of(
                row(
                        "answer: pieces that stream past stay as they are",
                        ONE,
                        streamedPast("{\"model\":\"m\"}", "m", null)),
                row(
                        "answer: pieces that stream past get their model back",
                        ONE,
                        streamedPast(
                                "{\"model\":\"rewritten\"}", "alias", "{\"model\":\"alias\"}")),
                row(
                        "answer: headers alone end it",
                        ONE,
                        (proxy, rig) -> {
                            proxy.chatHeaders().requestBody(completion("m"), true);
                            proxy.reply();
                            proxy.requestBodyReplies();
                            proxy.answer(true, ":status", "204");
                            assertThat(changes(proxy))
                                    .containsEntry("x-went-into-resp-headers", "true");
                            assertThat(rig.inFlight()).isZero();
                        }),
                row(
                        "answer: of a request without a body",
                        ONE,
                        (proxy, rig) -> {
                            get(proxy);
                            destination(proxy.reply(), rig.address(1));
                            proxy.answer(false, ":status", "200", "content-type", JSON);
                            changes(proxy);
                            proxy.responseBody("{\"data\":[]}", true);
                            assertThat(proxy.responsePiece()).isEqualTo("{\"data\":[]}|");
                            assertThat(rig.inFlight()).isZero();
                        }));
    }

    private static Talk streamedPast(String sent, String model, @Nullable String replaced) {
        return (proxy, rig) -> {
            proxy.mode(BodySendMode.BUFFERED).chatHeaders();
            proxy.reply();
            proxy.requestBody(completion(model), true);
            proxy.reply();
            proxy.answer(false, ":status", "200", "content-type", JSON);
            changes(proxy);
            proxy.responseBody(sent, true);
            CommonResponse body = proxy.reply().getResponseBody().getResponse();
            assertThat(body.hasBodyMutation()).isEqualTo(replaced != null);
            if (replaced != null) {
                assertThat(body.getBodyMutation().getBody().toStringUtf8()).isEqualTo(replaced);
            }
            assertThat(rig.inFlight()).isZero();
        };
    }

    private static Stream<Row> usage() {
        return Stream.of(
                row(
                        "usage: of the Responses API's last event",
                        ONE,
                        (proxy, rig) -> {
                            answering(proxy, rig, "text/event-stream", "m");
                            proxy.responseBody(COMPLETED, true);
                            proxy.responsePiece();
                            var usage = requireNonNull(rig.finished.getFirst().usage);
                            assertThat(usage.promptTokens()).isEqualTo(21);
                            assertThat(usage.completionTokens()).isEqualTo(34);
                        }),
                row(
                        "usage: cached tokens, as some servers spell it",
                        ONE,
                        (proxy, rig) -> {
                            answering(proxy, rig, JSON, "m");
                            proxy.responseBody(
                                    "{\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":4,"
                                            + "\"prompt_token_details\":{\"cached_tokens\":5}}}",
                                    true);
                            proxy.responsePiece();
                            var usage = requireNonNull(rig.finished.getFirst().usage);
                            assertThat(usage.cachedTokens()).isEqualTo(5);
                        }));
    }

    private static final String COMPLETED =
            """
            event: response.completed
            data: {"type":"response.completed","response":{"id":"r","usage":{"input_tokens":21,\
            "output_tokens":34,"total_tokens":55}}}

            """;

    private static Stream<Row> refusals() {
        Setup json = Setup.USUAL.openAi();
        return Stream.of(
                row(
                        "refusal: a line of text, and when to come back",
                        NONE,
                        (proxy, rig) -> {
                            get(proxy);
                            ImmediateResponse answer = refused(proxy, 503, NO_CANDIDATES);
                            assertThat(ProxySide.set(answer.getHeaders()))
                                    .containsEntry("content-type", "text/plain")
                                    .containsEntry("retry-after", "1");
                        }),
                row(
                        "refusal: OpenAI's JSON where it is asked for",
                        NONE,
                        json,
                        (proxy, rig) -> {
                            get(proxy);
                            ImmediateResponse answer = status(proxy, 503);
                            assertThat(ProxySide.set(answer.getHeaders()))
                                    .containsEntry("content-type", JSON)
                                    .containsEntry(
                                            "x-llm-d-request-dropped-reason",
                                            "rejected-no-endpoints");
                            assertThat(answer.getBody().toStringUtf8())
                                    .startsWith("{\"error\":{\"message\":");
                            assertThat(proxy.hasEnded()).isTrue();
                        }),
                row(
                        "refusal: OpenAI's JSON of a mistake, without a time to come back",
                        ONE,
                        json,
                        (proxy, rig) -> {
                            proxy.chatHeaders().requestBody("{\"prompt\":\"a\"}", true);
                            ImmediateResponse answer = status(proxy, 400);
                            assertThat(answer.getBody().toStringUtf8())
                                    .contains("model not found in request body");
                            assertThat(ProxySide.set(answer.getHeaders()))
                                    .doesNotContainKey("retry-after");
                        }),
                row(
                        "refusal: no server is named with it",
                        TWO,
                        (proxy, rig) -> {
                            Value empty =
                                    Value.newBuilder()
                                            .setListValue(ListValue.getDefaultInstance())
                                            .build();
                            proxy.subset(empty).chatHeaders().requestBody(completion("m"), true);
                            ProcessingResponse reply = proxy.reply();
                            assertThat(reply.hasImmediateResponse()).isTrue();
                            assertThat(reply.hasDynamicMetadata()).isFalse();
                            assertThat(rig.inFlight()).isZero();
                        }));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void holds(Row row) throws Exception {
        row.hold();
    }
}

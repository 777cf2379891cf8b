package io.weir.extproc.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;

import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingRequest;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingRequest.RequestCase;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.grpc.stub.StreamObserver;
import io.weir.extproc.wire.Changes;
import io.weir.extproc.wire.Replies;

import org.junit.jupiter.api.Test;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;

/** What a picker says about requests, and what becomes of them. */
class ExternalPickTest {

    private static ScriptedPicker reference(Function<Rig, String> destination, Rig rig) {
        return new ScriptedPicker().playNew(() -> ScriptedPicker.reference(destination.apply(rig)));
    }

    @Test
    void thePickerDecidesAndIsToldHeadersBodyCandidatesAndWhoServed() throws Exception {
        try (Rig rig = new Rig()) {
            ScriptedPicker picker = reference(r -> r.second.authority(), rig);
            rig.start(picker);
            HttpResponse<String> answer =
                    rig.send(
                            rig.request()
                                    .header("x-gateway-inference-objective", "chat")
                                    .POST(HttpRequest.BodyPublishers.ofString(Rig.BODY))
                                    .build());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("x-server")).hasValue("second");
            assertThat(answer.body()).isEqualTo(Rig.BODY);
            assertThat(answer.headers().firstValue("x-went-into-resp-headers")).hasValue("true");

            ProcessingRequest head = picker.messages().getFirst();
            assertThat(head.getRequestHeaders().getHeaders().getHeadersList())
                    .extracting(h -> h.getKey() + "=" + h.getRawValue().toStringUtf8())
                    .contains(
                            ":method=POST",
                            ":path=/v1/completions",
                            ":scheme=http",
                            ":authority=127.0.0.1:" + rig.port(),
                            "x-gateway-inference-objective=chat");
            assertThat(head.getProtocolConfig().getRequestBodyModeValue()).isEqualTo(4);
            assertThat(metadata(head, "envoy.lb.subset_hint"))
                    .contains(rig.first.authority(), rig.second.authority());
            assertThat(bodyOf(picker, RequestCase.REQUEST_BODY)).isEqualTo(Rig.BODY);
            assertThat(bodyOf(picker, RequestCase.RESPONSE_BODY)).isEqualTo(Rig.BODY);
            ProcessingRequest response =
                    picker.messages().stream()
                            .filter(ProcessingRequest::hasResponseHeaders)
                            .findFirst()
                            .orElseThrow();
            assertThat(metadata(response, "envoy.lb"))
                    .contains("x-gateway-destination-endpoint-served", rig.second.authority());
        }
    }

    private static String metadata(ProcessingRequest message, String namespace) {
        return String.valueOf(message.getMetadataContext().getFilterMetadataMap().get(namespace));
    }

    private static String bodyOf(ScriptedPicker picker, RequestCase side) {
        ByteString all = ByteString.EMPTY;
        for (ProcessingRequest message : picker.messages()) {
            if (message.getRequestCase() == side) {
                all =
                        all.concat(
                                side == RequestCase.REQUEST_BODY
                                        ? message.getRequestBody().getBody()
                                        : message.getResponseBody().getBody());
            }
        }
        return all.toStringUtf8();
    }

    @Test
    void aRequestWithoutBodyIsPickedByItsHead() throws Exception {
        try (Rig rig = new Rig()) {
            rig.start(reference(r -> r.first.authority(), rig));
            HttpResponse<String> answer = rig.send(rig.request().GET().build());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("x-server")).hasValue("first");
        }
    }

    @Test
    void aLargeBodyGoesInPiecesAndComesBack() throws Exception {
        String prompt = "x".repeat(3_000_000);
        String body = "{\"model\":\"m\",\"prompt\":\"" + prompt + "\"}";
        try (Rig rig = new Rig()) {
            ScriptedPicker picker = reference(r -> r.second.authority(), rig);
            rig.start(picker);
            HttpResponse<String> answer = rig.post(body);
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo(body);
            assertThat(picker.messages())
                    .filteredOn(ProcessingRequest::hasRequestBody)
                    .hasSizeGreaterThan(40)
                    .allMatch(m -> m.getRequestBody().getBody().size() <= 64 * 1024);
            assertThat(rig.plane().stats().heldBodyBytes()).isZero();
        }
    }

    @Test
    void emptyRepliesLeaveEverythingAsItIsEvenBeforeTheHeadIsAnswered() throws Exception {
        String body = "{\"model\":\"m\",\"prompt\":\"" + "y".repeat(200_000) + "\"}";
        try (Rig rig = new Rig()) {
            ScriptedPicker picker =
                    new ScriptedPicker()
                            .play((message, replies) -> {
                                switch (message.getRequestCase()) {
                                    case REQUEST_BODY -> {
                                        replies.onNext(Replies.requestBodyUnchanged());
                                        if (message.getRequestBody().getEndOfStream()) {
                                            replies.onNext(picked(rig.second.authority()));
                                        }
                                    }
                                    case RESPONSE_BODY ->
                                            replies.onNext(Replies.responseBodyUnchanged());
                                    case RESPONSE_HEADERS ->
                                            replies.onNext(
                                                    Replies.responseHeaders(new Changes()).build());
                                    default -> {}
                                }
                            });
            rig.start(picker);
            HttpResponse<String> answer = rig.post(body);
            assertThat(answer.body()).isEqualTo(body);
            assertThat(answer.headers().firstValue("x-server")).hasValue("second");
        }
    }

    private static ProcessingResponse picked(String destination) {
        return ScriptedPicker.picked(destination);
    }

    /** Answers the request when its body is complete, and leaves responses alone. */
    private static ScriptedPicker atTheEnd(Consumer<StreamObserver<ProcessingResponse>> answer) {
        return new ScriptedPicker()
                .play((message, replies) -> {
                    if (message.hasRequestBody() && message.getRequestBody().getEndOfStream()) {
                        answer.accept(replies);
                    }
                });
    }

    private static Rig deaf() throws Exception {
        return new Rig().annotate("picker-responses", "none");
    }

    @Test
    void bodiesAndHeadersAreChangedAsThePickerSays() throws Exception {
        try (Rig rig = deaf()) {
            String other = "{\"model\":\"other-model\",\"prompt\":\"hello\"}";
            rig.start(
                    atTheEnd(replies -> {
                        Changes changes =
                                new Changes()
                                        .set("x-added", "yes")
                                        .set("content-length", "99999")
                                        .set("host", "evil")
                                        .set(":authority", "evil")
                                        .set(":method", "DELETE")
                                        .set(":scheme", "https")
                                        .set("x-envoy-upstream-alt-stat-name", "evil")
                                        .remove("host")
                                        .remove(":method")
                                        .set(":path", "/v2/other?x=1")
                                        .set("x-bad", "a\r\nb: c")
                                        .remove("x-removed");
                        ByteString bytes = ByteString.copyFromUtf8(other);
                        Replies.streamRequestBody(
                                bytes.substring(0, 12),
                                false,
                                reply -> replies.onNext(reply.message()));
                        replies.onNext(ScriptedPicker.picked(rig.first.authority(), changes));
                        Replies.streamRequestBody(
                                bytes.substring(12),
                                true,
                                reply -> replies.onNext(reply.message()));
                    }));
            HttpResponse<String> answer =
                    rig.send(
                            rig.request()
                                    .header("x-removed", "1")
                                    .POST(HttpRequest.BodyPublishers.ofString(Rig.BODY))
                                    .build());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo(other);
            ModelServer.Received received = rig.first.received().getFirst();
            assertThat(received.path()).isEqualTo("/v2/other?x=1");
            assertThat(received.headers())
                    .containsEntry("X-added", List.of("yes"))
                    .containsEntry("Content-length", List.of("" + other.length()))
                    .doesNotContainKeys("X-removed", "X-bad", "X-envoy-upstream-alt-stat-name")
                    .containsKey("Host")
                    .doesNotContainEntry("Host", List.of("evil"));
        }
    }

    @Test
    void anOrderedListIsTheOrderOfFallbacks() throws Exception {
        try (Rig rig = deaf()) {
            rig.first.status(503);
            rig.start(
                    atTheEnd(replies -> {
                        String list = rig.first.authority() + ", " + rig.second.authority();
                        replies.onNext(picked(list));
                        replies.onNext(Replies.requestBodyUnchanged());
                    }));
            HttpResponse<String> answer = rig.post();
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("x-server")).hasValue("second");
            assertThat(rig.first.received()).hasSize(1);
        }
    }

    @Test
    void endpointsOutsideThePoolAreAFailure() throws Exception {
        try (Rig open = deaf().failOpen();
                Rig close = deaf();
                ModelServer stranger = new ModelServer("stranger")) {
            for (Rig rig : List.of(open, close)) {
                rig.start(
                        atTheEnd(replies -> {
                            replies.onNext(picked(stranger.authority()));
                            replies.onNext(Replies.requestBodyUnchanged());
                        }));
            }
            assertThat(open.post().statusCode()).isEqualTo(200);
            assertThat(close.post().statusCode()).isEqualTo(503);
            assertThat(stranger.received()).isEmpty();
        }
    }

    @Test
    void endpointsOutsideThePoolAreSkippedInAList() throws Exception {
        try (Rig rig = deaf()) {
            rig.start(
                    atTheEnd(replies -> {
                        replies.onNext(picked("10.9.9.9:1," + rig.second.authority()));
                        replies.onNext(Replies.requestBodyUnchanged());
                    }));
            assertThat(rig.post().headers().firstValue("x-server")).hasValue("second");
        }
    }

    @Test
    void anAnswerOfThePickerGoesToTheClient() throws Exception {
        try (Rig rig = new Rig().failOpen()) {
            rig.start(
                    atTheEnd(replies -> {
                        ByteString text = ByteString.copyFromUtf8("too much");
                        Changes headers = new Changes().set("x-why", "saturated");
                        replies.onNext(Replies.immediate(429, headers, text));
                        replies.onCompleted();
                    }));
            HttpResponse<String> answer = rig.post();
            assertThat(answer.statusCode()).isEqualTo(429);
            assertThat(answer.body()).isEqualTo("too much");
            assertThat(answer.headers().firstValue("x-why")).hasValue("saturated");
            assertThat(rig.first.received()).isEmpty();
            assertThat(rig.second.received()).isEmpty();
        }
    }

    @Test
    void aPickerThatLeavesAfterThePickIsNotNeededForTheResponse() throws Exception {
        try (Rig rig = new Rig()) {
            rig.start(
                    atTheEnd(replies -> {
                        replies.onNext(picked(rig.second.authority()));
                        Replies.streamRequestBody(
                                ByteString.copyFromUtf8(Rig.BODY),
                                true,
                                reply -> replies.onNext(reply.message()));
                        replies.onCompleted();
                    }));
            HttpResponse<String> answer = rig.post();
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo(Rig.BODY);
        }
    }

    @Test
    void responsesAreChangedAsThePickerSays() throws Exception {
        try (Rig rig = new Rig()) {
            ScriptedPicker.Script[] usual = new ScriptedPicker.Script[1];
            ScriptedPicker picker =
                    new ScriptedPicker()
                            .playNew(() -> {
                                var request = ScriptedPicker.reference(rig.first.authority());
                                usual[0] =
                                        (message, replies) -> {
                                            switch (message.getRequestCase()) {
                                                case RESPONSE_HEADERS ->
                                                        replies.onNext(
                                                                Replies.responseHeaders(
                                                                                new Changes()
                                                                                        .set(
                                                                                                ":status",
                                                                                                "202")
                                                                                        .remove(
                                                                                                "x-server"))
                                                                        .build());
                                                case RESPONSE_BODY -> {
                                                    if (message.getResponseBody()
                                                            .getEndOfStream()) {
                                                        Replies.streamResponseBody(
                                                                ByteString.copyFromUtf8(
                                                                        "something else"),
                                                                true,
                                                                reply ->
                                                                        replies.onNext(
                                                                                reply.message()));
                                                    }
                                                }
                                                default -> request.on(message, replies);
                                            }
                                        };
                                return usual[0];
                            });
            rig.start(picker);
            HttpResponse<String> answer = rig.post();
            assertThat(answer.statusCode()).isEqualTo(202);
            assertThat(answer.headers().firstValue("x-server")).isEmpty();
            assertThat(answer.body()).isEqualTo("something else");
        }
    }

    @Test
    void aPickerThatDiesInTheResponseLeavesItWhole() throws Exception {
        try (Rig rig = new Rig()) {
            ScriptedPicker picker =
                    new ScriptedPicker()
                            .playNew(() -> {
                                var request = ScriptedPicker.reference(rig.first.authority());
                                return (message, replies) -> {
                                    if (message.hasResponseBody()) {
                                        replies.onError(new IllegalStateException("dead"));
                                    } else {
                                        request.on(message, replies);
                                    }
                                };
                            });
            rig.start(picker);
            String body = "{\"model\":\"m\",\"prompt\":\"" + "z".repeat(500_000) + "\"}";
            HttpResponse<String> answer = rig.post(body);
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo(body);
            assertThat(rig.plane().stats().heldBodyBytes()).isZero();
        }
    }

    @Test
    void aPickerMayBreakOffARequestThatItHasSentToAServer() throws Exception {
        try (Rig rig = new Rig()) {
            var broken = new CompletableFuture<StreamObserver<ProcessingResponse>>();
            rig.first.hold();
            rig.start(
                    atTheEnd(replies -> {
                        replies.onNext(picked(rig.first.authority()));
                        Replies.streamRequestBody(
                                ByteString.copyFromUtf8(Rig.BODY),
                                true,
                                reply -> replies.onNext(reply.message()));
                        broken.complete(replies);
                    }));
            CompletableFuture<HttpResponse<String>> answer = rig.postLater();
            await().until(() -> rig.first.received().size() == 1);

            StreamObserver<ProcessingResponse> replies = broken.join();
            replies.onNext(
                    Replies.immediate(
                            429,
                            new Changes().set("x-llm-d-request-dropped-reason", "evicted"),
                            ByteString.copyFromUtf8("request evicted by flow control")));
            replies.onCompleted();

            assertThat(answer.join().statusCode()).isEqualTo(429);
            assertThat(answer.join().body()).isEqualTo("request evicted by flow control");
            assertThat(answer.join().headers().firstValue("x-llm-d-request-dropped-reason"))
                    .hasValue("evicted");
        }
    }
}

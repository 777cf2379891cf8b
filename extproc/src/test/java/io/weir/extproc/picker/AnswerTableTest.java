package io.weir.extproc.picker;

import static io.weir.extproc.picker.ProtocolTable.NONE;
import static io.weir.extproc.picker.ProtocolTable.NO_CANDIDATES;
import static io.weir.extproc.picker.ProtocolTable.ONE;
import static io.weir.extproc.picker.ProtocolTable.USAGE;
import static io.weir.extproc.picker.ProtocolTable.answering;
import static io.weir.extproc.picker.ProtocolTable.completion;
import static io.weir.extproc.picker.ProtocolTable.cost;
import static io.weir.extproc.picker.ProtocolTable.destination;
import static io.weir.extproc.picker.ProtocolTable.pod;
import static io.weir.extproc.picker.ProtocolTable.refused;
import static io.weir.extproc.picker.ProtocolTable.row;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.Objects.requireNonNull;

import io.envoyproxy.envoy.extensions.filters.http.ext_proc.v3.ProcessingMode.BodySendMode;
import io.weir.extproc.picker.ProtocolTable.Row;
import io.weir.extproc.testing.ProxySide;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.stream.Stream;

/**
 * Answers and gRPC, case by case, over a real gRPC channel and with the real picker. Numbers are
 * those of the reference's hermetic suite; where Weir differs on purpose, docs/differences.md says
 * why.
 */
class AnswerTableTest {

    static Stream<Row> rows() {
        return Stream.of(answers(), attributes(), grpc()).flatMap(part -> part);
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
                        "usage is not erased by [DONE] in a later piece",
                        ONE,
                        (proxy, rig) -> {
                            answering(proxy, rig, "text/event-stream", "m");
                            proxy.responseBody(USAGE.substring(0, 30), false);
                            proxy.responseBody(USAGE.substring(30), false);
                            proxy.responseBody("data: [DONE]\n\n", true);
                            for (int i = 0; i < 3; i++) {
                                proxy.responsePiece();
                            }
                            var usage = requireNonNull(rig.finished.getFirst().usage);
                            assertThat(usage.completionTokens()).isEqualTo(10);
                        }),
                row(
                        "Anthropic's usage in two events",
                        ONE,
                        (proxy, rig) -> {
                            answering(proxy, rig, "text/event-stream", "m");
                            proxy.responseBody(ANTHROPIC_START, false);
                            proxy.responseBody(ANTHROPIC_DELTA, true);
                            proxy.responsePiece();
                            proxy.responsePiece();
                            var usage = requireNonNull(rig.finished.getFirst().usage);
                            assertThat(usage.promptTokens()).isEqualTo(1800);
                            assertThat(usage.cachedTokens()).isEqualTo(800);
                            assertThat(usage.completionTokens()).isEqualTo(200);
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

    private static Stream<Row> attributes() {
        return Stream.of(
                row(
                        "attr 1: the cost of a JSON answer, with its last piece",
                        ONE,
                        (proxy, rig) -> {
                            answering(proxy, rig, "application/json", "m");
                            proxy.responseBody("{\"usage\":{\"completion_tok", false);
                            proxy.responseBody("ens\":10}}", true);
                            assertThat(proxy.reply().hasDynamicMetadata()).isFalse();
                            assertThat(cost(proxy.reply())).isEqualTo(10);
                        }),
                row(
                        "attr 2: the cost of a stream, with its last piece",
                        ONE,
                        (proxy, rig) -> {
                            answering(proxy, rig, "text/event-stream", "m");
                            proxy.responseBody(USAGE, false).responseBody("", true);
                            assertThat(proxy.reply().hasDynamicMetadata()).isFalse();
                            assertThat(cost(proxy.reply())).isEqualTo(10);
                        }),
                row(
                        "no cost where the condition does not hold",
                        ONE,
                        (proxy, rig) -> {
                            answering(proxy, rig, "application/json", "m");
                            proxy.responseBody("{}", true);
                            assertThat(proxy.reply().hasDynamicMetadata()).isFalse();
                        }));
    }

    private static final String ANTHROPIC_START =
            """
            event: message_start
            data: {"type":"message_start","message":{"usage":{"input_tokens":1000,\
            "cache_read_input_tokens":800}}}

            """;
    private static final String ANTHROPIC_DELTA =
            """
            event: message_delta
            data: {"type":"message_delta","usage":{"output_tokens":200}}

            """;

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
                        "gRPC 4: no shedding",
                        List.of(pod(6, .2), pod(0, .85), pod(10, .9)),
                        (proxy, rig) -> {
                            grpcHeaders(proxy).requestBody(framed, true);
                            destination(proxy.reply(), rig.address(1));
                        }),
                row(
                        "gRPC 7-9: offers count",
                        List.of(pod(0, .2), pod(0, .1), pod(10, .2)),
                        (proxy, rig) -> {
                            proxy.subset(rig.address(3));
                            grpcHeaders(proxy).requestBody(framed, true);
                            destination(proxy.reply(), rig.address(3));
                        }),
                row(
                        "gRPC 9: an offer of others",
                        ONE,
                        (proxy, rig) -> {
                            proxy.subset("192.168.1.99:8000");
                            grpcHeaders(proxy).requestBody(framed, true);
                            refused(proxy, 503, NO_CANDIDATES);
                        }),
                row(
                        "gRPC 11: bytes that are no message pass",
                        ONE,
                        (proxy, rig) -> {
                            grpcAnswering(proxy);
                            proxy.responseBody(framed, false).responseTrailers();
                            assertThat(proxy.responsePiece()).isEqualTo(framed);
                            assertThat(proxy.reply().hasResponseTrailers()).isTrue();
                        }),
                row(
                        "gRPC 12: usage of the end",
                        ONE,
                        (proxy, rig) -> {
                            grpcAnswering(proxy);
                            // complete {prompt_tokens: 7, completion_tokens: 10}
                            proxy.responseBody("\0\0\0\0\6\22\4\30\7", false);
                            proxy.responseBody("\40\12", false).responseTrailers();
                            proxy.responsePiece();
                            proxy.responsePiece();
                            assertThat(cost(proxy.reply())).isEqualTo(10);
                            var usage = requireNonNull(rig.finished.getFirst().usage);
                            assertThat(usage.promptTokens()).isEqualTo(7);
                            assertThat(usage.completionTokens()).isEqualTo(10);
                        }),
                row(
                        "gRPC 13: usage of a chunk and of the end",
                        ONE,
                        (proxy, rig) -> {
                            grpcAnswering(proxy);
                            // chunk {prompt_tokens: 7, completion_tokens: 3}, then the end
                            proxy.responseBody("\0\0\0\0\6\12\4\20\7\30\3", false);
                            proxy.responseBody("\0\0\0\0\6\22\4\30\7\40\12", false);
                            proxy.responseTrailers();
                            proxy.responsePiece();
                            proxy.responsePiece();
                            proxy.reply();
                            var usage = requireNonNull(rig.finished.getFirst().usage);
                            assertThat(usage.promptTokens()).isEqualTo(7);
                            assertThat(usage.completionTokens()).isEqualTo(10);
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

    private static void grpcAnswering(ProxySide proxy) throws Exception {
        grpcHeaders(proxy).requestBody("\0\0\0\0\0", true);
        proxy.reply();
        proxy.requestBodyReplies();
        proxy.answer(false, ":status", "200", "content-type", "application/grpc");
        proxy.reply();
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
        row.hold();
    }
}

package io.weir.extproc.picker;

import static io.weir.extproc.picker.ProtocolTable.ONE;
import static io.weir.extproc.picker.ProtocolTable.answering;
import static io.weir.extproc.picker.ProtocolTable.completion;
import static io.weir.extproc.picker.ProtocolTable.destination;
import static io.weir.extproc.picker.ProtocolTable.row;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.Objects.requireNonNull;

import io.envoyproxy.envoy.service.ext_proc.v3.ImmediateResponse;
import io.weir.extproc.picker.ProtocolTable.Row;
import io.weir.extproc.picker.ProtocolTable.Setup;
import io.weir.extproc.picker.ProtocolTable.Talk;
import io.weir.extproc.testing.ProxySide;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.stream.Stream;

/**
 * How messages are read and written, case by case, over a real gRPC channel: the reference's
 * handlers and parsers. Where Weir differs on purpose, docs/differences.md says why.
 */
class HandlerTableTest {

    private static final String JSON = "application/json";
    private static final String SSE = "text/event-stream";

    static Stream<Row> rows() {
        return Stream.of(headers(), paths(), names(), events()).flatMap(part -> part);
    }

    private static Stream<Row> headers() {
        return Stream.of(
                row(
                        "the raw value goes before the other",
                        ONE,
                        (proxy, rig) -> {
                            proxy.alsoSaying("wrong");
                            proxy.chatHeaders("x-gateway-inference-objective", "sql-lora");
                            assertThat(priority(proxy, rig)).isEqualTo(2);
                        }),
                row(
                        "the other value counts where there is no raw one",
                        ONE,
                        (proxy, rig) -> {
                            proxy.onlySaying();
                            proxy.chatHeaders("x-gateway-inference-objective", "sql-lora");
                            assertThat(priority(proxy, rig)).isEqualTo(2);
                        }),
                row(
                        "a new name beats the old one",
                        ONE,
                        (proxy, rig) -> {
                            proxy.chatHeaders(
                                    "x-gateway-inference-objective",
                                    "sheddable",
                                    "x-llm-d-inference-objective",
                                    "sql-lora");
                            assertThat(priority(proxy, rig)).isEqualTo(2);
                        }));
    }

    private static int priority(ProxySide proxy, PickerRig rig) throws Exception {
        proxy.requestBody(completion("m"), true);
        destination(proxy.reply(), rig.address(1));
        proxy.endStream();
        assertThat(proxy.hasEnded()).isTrue();
        return rig.finished.getFirst().priority;
    }

    private static Stream<Row> paths() {
        String noModel = "{\"prompt\":\"hello\"}";
        return Stream.of(
                row("chat", ONE, wantsModel("/v1/chat/completions", noModel)),
                row("completions", ONE, wantsModel("/v1/completions?x=/any", noModel)),
                row("a slash at the end", ONE, wantsModel("/v1/completions/", noModel)),
                row("a prefix before", ONE, wantsModel("/team/v1/embeddings", noModel)),
                row("responses", ONE, wantsModel("/v1/responses", noModel)),
                row("conversations", ONE, wantsModel("/v1/conversations", noModel)),
                row("rendering", ONE, wantsModel("/v1/chat/completions/render", noModel)),
                row("images", ONE, wantsModel("/v1/images/generations", noModel)),
                row("Anthropic's messages", ONE, wantsModel("/v1/messages", noModel)),
                row("no JSON", ONE, wantsModel("/v1/completions", "hello")),
                row(
                        "a path in place of another",
                        ONE,
                        (proxy, rig) -> {
                            proxy.requestHeaders(
                                    false,
                                    ":method",
                                    "POST",
                                    "x-original-path",
                                    "/v1/completions",
                                    "content-type",
                                    JSON);
                            refusedFor(proxy, noModel);
                        }),
                row("SGLang's own", ONE, passes("/generate", "{\"text\":\"hello\"}")),
                row("vLLM's own", ONE, passes("/inference/v1/generate", "{\"token_ids\":[1]}")),
                row("a path that nobody knows", ONE, passes("/pause", "{}")),
                row("a path that nobody knows, and no JSON", ONE, passes("/pause", "hello")),
                row("a path that only ends alike", ONE, passes("/v1/mycompletions", noModel)),
                row(
                        "a path that nobody knows, with a model that a rule names",
                        ONE,
                        (proxy, rig) -> {
                            post(proxy, "/any").requestBody("{\"model\":\"alias\"}", true);
                            destination(proxy.reply(), rig.address(1));
                            assertThat(proxy.requestBodyReplies())
                                    .isEqualTo("{\"model\":\"rewritten\"}");
                        }),
                row(
                        "a rule for all adds no model where none is asked for",
                        ONE,
                        Setup.USUAL.generic("base"),
                        passes("/pause", "{}")));
    }

    private static ProxySide post(ProxySide proxy, String path) {
        return proxy.requestHeaders(false, ":method", "POST", ":path", path, "content-type", JSON);
    }

    private static Talk wantsModel(String path, String body) {
        return (proxy, rig) -> refusedFor(post(proxy, path), body);
    }

    private static void refusedFor(ProxySide proxy, String body) throws InterruptedException {
        proxy.requestBody(body, true);
        ImmediateResponse answer = proxy.reply().getImmediateResponse();
        assertThat(answer.getStatus().getCodeValue()).isEqualTo(400);
        assertThat(answer.getBody().toStringUtf8()).startsWith("inference error: BadRequest - ");
    }

    private static Talk passes(String path, String body) {
        return (proxy, rig) -> {
            post(proxy, path).requestBody(body, true);
            destination(proxy.reply(), rig.address(1));
            assertThat(proxy.requestBodyReplies()).isEqualTo(body);
        };
    }

    private static Stream<Row> names() {
        return Stream.of(
                row(
                        "model's name: compact",
                        ONE,
                        answer(
                                JSON,
                                "alias",
                                "{\"model\":\"rewritten\"}",
                                "{\"model\":\"alias\"}")),
                row(
                        "model's name: a blank after the colon",
                        ONE,
                        answer(
                                JSON,
                                "alias",
                                "{\"model\": \"rewritten\"}",
                                "{\"model\": \"alias\"}")),
                row(
                        "model's name: in events",
                        ONE,
                        answer(
                                SSE,
                                "alias",
                                "data: {\"model\":\"rewritten\"}\n\ndata: {\"model\":\"rewritten\"}\n\n",
                                "data: {\"model\":\"alias\"}\n\ndata: {\"model\":\"alias\"}\n\n")),
                row(
                        "model's name: not rewritten",
                        ONE,
                        answer(
                                JSON,
                                "m",
                                "{\"model\":\"rewritten\"}",
                                "{\"model\":\"rewritten\"}")),
                row(
                        "model's name: another than we asked for",
                        ONE,
                        answer(JSON, "alias", "{\"model\":\"x\"}", "{\"model\":\"x\"}")),
                row(
                        "model's name: none",
                        ONE,
                        answer(JSON, "alias", "{\"id\":\"rewritten\"}", "{\"id\":\"rewritten\"}")),
                row(
                        "model's name: the end of a stream",
                        ONE,
                        answer(SSE, "alias", "data: [DONE]\n\n", "data: [DONE]\n\n")),
                row(
                        "model's name: the client gave none",
                        ONE,
                        Setup.USUAL.generic("base"),
                        (proxy, rig) -> {
                            proxy.chatHeaders().requestBody("{\"prompt\":\"a\"}", true);
                            destination(proxy.reply(), rig.address(1));
                            proxy.requestBodyReplies();
                            proxy.responseHeaders(
                                    rig.address(1), ":status", "200", "content-type", JSON);
                            proxy.reply();
                            proxy.responseBody("{\"model\":\"base\"}", true);
                            assertThat(proxy.responsePiece()).isEqualTo("{\"model\":\"base\"}|");
                        }));
    }

    private static Talk answer(String type, String model, String sent, String received) {
        return (proxy, rig) -> {
            answering(proxy, rig, type, model);
            proxy.responseBody(sent, true);
            assertThat(proxy.responsePiece()).isEqualTo(received + "|");
        };
    }

    private static Stream<Row> events() {
        return Stream.of(
                row(
                        "events: counted once, however they are cut",
                        ONE,
                        (proxy, rig) -> {
                            answering(proxy, rig, SSE, "m");
                            proxy.responseBody("data: {\"a\":1}\n\ndata: {\"a", false);
                            proxy.responseBody("\":2}\n", false).responseBody("\n", false);
                            proxy.responseBody("data: [DONE]\n\n", true);
                            for (int i = 0; i < 4; i++) {
                                proxy.responsePiece();
                            }
                            assertThat(rig.finished.getFirst().streamEvents).isEqualTo(2);
                        }),
                row(
                        "events: none in JSON",
                        ONE,
                        (proxy, rig) -> {
                            answering(proxy, rig, JSON, "m");
                            proxy.responseBody("{\"a\":1}", true);
                            proxy.responsePiece();
                            assertThat(rig.finished.getFirst().streamEvents).isZero();
                        }),
                row(
                        "events: those of a stream that breaks off count",
                        ONE,
                        (proxy, rig) -> {
                            answering(proxy, rig, SSE, "m");
                            proxy.responseBody("data: {\"a\":1}\n\n", false);
                            proxy.responsePiece();
                            proxy.endStream();
                            assertThat(proxy.hasEnded()).isTrue();
                            assertThat(rig.finished.getFirst().streamEvents).isEqualTo(1);
                            assertThat(rig.inFlight()).isZero();
                        }),
                row(
                        "usage: cached tokens of both APIs",
                        ONE,
                        (proxy, rig) -> {
                            answering(proxy, rig, JSON, "m");
                            proxy.responseBody(
                                    "{\"usage\":{\"input_tokens\":9,\"output_tokens\":4,"
                                            + "\"input_tokens_details\":{\"cached_tokens\":5}}}",
                                    true);
                            proxy.responsePiece();
                            var usage = requireNonNull(rig.finished.getFirst().usage);
                            assertThat(usage.promptTokens()).isEqualTo(9);
                            assertThat(usage.completionTokens()).isEqualTo(4);
                            assertThat(usage.cachedTokens()).isEqualTo(5);
                        }));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void holds(Row row) throws Exception {
        row.hold();
    }
}

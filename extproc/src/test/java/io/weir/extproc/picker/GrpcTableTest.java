package io.weir.extproc.picker;

import static io.weir.extproc.picker.EngineMessages.embed;
import static io.weir.extproc.picker.EngineMessages.embedding;
import static io.weir.extproc.picker.EngineMessages.frame;
import static io.weir.extproc.picker.EngineMessages.generate;
import static io.weir.extproc.picker.EngineMessages.tokens;
import static io.weir.extproc.picker.ProtocolTable.ONE;
import static io.weir.extproc.picker.ProtocolTable.destination;
import static io.weir.extproc.picker.ProtocolTable.pod;
import static io.weir.extproc.picker.ProtocolTable.row;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.Objects.requireNonNull;

import com.google.protobuf.ByteString;

import io.weir.body.Usage;
import io.weir.extproc.picker.ProtocolTable.Pod;
import io.weir.extproc.picker.ProtocolTable.Row;
import io.weir.extproc.picker.ProtocolTable.Setup;
import io.weir.extproc.picker.ProtocolTable.Talk;
import io.weir.extproc.testing.ProxySide;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Requests to vLLM's gRPC engine and their answers, case by case, over a real gRPC channel: {@code
 * Generate} and {@code Embed} are read alike.
 */
class GrpcTableTest {

    private static final String GENERATE = "/vllm.grpc.engine.VllmEngine/Generate";
    private static final String EMBED = "/vllm.grpc.engine.VllmEngine/Embed";
    private static final int MOST_PROMPTS = 60;
    private static final List<Pod> THREE = List.of(pod(0, 0), pod(0, 0), pod(0, 0));

    private static final String PREFIX_ALONE =
            """
            plugins:
            - type: prefix-cache-scorer
            schedulingProfiles:
            - name: default
              plugins: [{pluginRef: prefix-cache-scorer}]
            """;

    static Stream<Row> rows() {
        return Stream.of(prompts(), requests(), answers()).flatMap(part -> part);
    }

    private static Stream<Row> prompts() {
        Setup prefixes = Setup.USUAL.config(PREFIX_ALONE);
        return Stream.of(
                row(
                        "Generate: prompts that begin with the same tokens stay together",
                        THREE,
                        prefixes,
                        stays(GENERATE, first -> generate(false, tokens(first, 2000)))),
                row(
                        "Generate: streams, too",
                        THREE,
                        prefixes,
                        stays(GENERATE, first -> generate(true, tokens(first, 2000)))),
                row(
                        "Generate: texts that begin alike stay together",
                        THREE,
                        prefixes,
                        stays(GENERATE, first -> generate((first + " ducks swim. ").repeat(300)))),
                row(
                        "Embed: inputs that begin with the same tokens stay together",
                        THREE,
                        prefixes,
                        stays(EMBED, first -> embed(tokens(first, 2000)))));
    }

    interface Prompt {
        ByteString of(int first);
    }

    /** Prompts are spread over all servers, and each stays where it was sent first. */
    private static Talk stays(String path, Prompt prompts) {
        return (_, rig) -> {
            Set<String> all = Set.of(rig.address(1), rig.address(2), rig.address(3));
            List<String> servers = new ArrayList<>();
            // Equal servers are chosen by lot: how many prompts it takes to reach all is chance.
            while (servers.size() < MOST_PROMPTS && !all.equals(Set.copyOf(servers))) {
                servers.add(server(rig, path, prompts.of(prompt(servers.size()))));
            }
            assertThat(servers).containsAll(all);
            for (int round = 0; round < 3; round++) {
                for (int i = 0; i < servers.size(); i++) {
                    assertThat(server(rig, path, prompts.of(prompt(i)))).isEqualTo(servers.get(i));
                }
            }
        };
    }

    private static int prompt(int number) {
        return 10_000 * (number + 1);
    }

    private static String server(PickerRig rig, String path, ByteString message) throws Exception {
        try (ProxySide proxy = rig.open()) {
            headers(proxy, path).requestBody(frame(message), true);
            String server =
                    ProxySide.set(
                                    proxy.reply()
                                            .getRequestHeaders()
                                            .getResponse()
                                            .getHeaderMutation())
                            .get("x-gateway-destination-endpoint");
            assertThat(proxy.requestBodyBytes()).isEqualTo(frame(message));
            proxy.answer(true, ":status", "200", "content-type", "application/grpc");
            proxy.reply();
            return requireNonNull(server);
        }
    }

    private static Stream<Row> requests() {
        ByteString generate = frame(generate(true, tokens(1, 400)));
        ByteString embed = frame(embed(tokens(1, 400)));
        return Stream.of(
                row("Generate: passes unchanged, by load", LOADED, passes(GENERATE, generate)),
                row("Embed: passes unchanged, by load", LOADED, passes(EMBED, embed)),
                row(
                        "another method: passes unchanged, by load",
                        LOADED,
                        passes("/vllm.grpc.engine.VllmEngine/Abort", embed)),
                row(
                        "compressed: passes unchanged, by load",
                        LOADED,
                        passes(GENERATE, frame(1, ByteString.copyFromUtf8("hello")))),
                row(
                        "no model: a rule for all adds none",
                        ONE,
                        Setup.USUAL.generic("base"),
                        passes(EMBED, embed)),
                row(
                        "an objective counts, and the model stays unknown",
                        ONE,
                        (proxy, rig) -> {
                            headers(proxy, EMBED, "x-gateway-inference-objective", "sql-lora");
                            proxy.requestBody(embed, true);
                            destination(proxy.reply(), rig.address(1));
                            proxy.endStream();
                            assertThat(proxy.hasEnded()).isTrue();
                            assertThat(rig.finished.getFirst().priority).isEqualTo(2);
                            assertThat(rig.finished.getFirst().model).isNull();
                        }));
    }

    private static final List<Pod> LOADED = List.of(pod(6, .2), pod(0, .1), pod(9, .9));

    private static Talk passes(String path, ByteString frame) {
        return (proxy, rig) -> {
            headers(proxy, path).requestBody(frame.substring(0, 7), false);
            proxy.requestBody(frame.substring(7), true);
            String best = rig.picker().endpoints().size() == 1 ? rig.address(1) : rig.address(2);
            destination(proxy.reply(), best);
            assertThat(proxy.requestBodyBytes()).isEqualTo(frame);
        };
    }

    private static Stream<Row> answers() {
        ByteString embedding = frame(embedding(4096, 400));
        return Stream.of(
                row(
                        "Embed: usage of the answer, whatever the numbers in it",
                        ONE,
                        (proxy, rig) -> {
                            answering(proxy, EMBED, frame(embed(1)));
                            proxy.responseBody(embedding.substring(0, 9000), false);
                            proxy.responseBody(embedding.substring(9000), false);
                            proxy.responseTrailers();
                            proxy.responsePiece();
                            proxy.responsePiece();
                            proxy.reply();
                            assertThat(rig.finished.getFirst().usage)
                                    .isEqualTo(new Usage(400, -1, 400, -1));
                            assertThat(rig.finished.getFirst().streamed).isFalse();
                            assertThat(rig.inFlight()).isZero();
                        }),
                row(
                        "Generate: a stream is one because the request says so",
                        ONE,
                        (proxy, rig) -> {
                            answering(proxy, GENERATE, frame(generate(true, 1, 2)));
                            proxy.responseBody("\0\0\0\0\6\12\4\20\7\30\3", false);
                            proxy.responseTrailers();
                            proxy.responsePiece();
                            proxy.reply();
                            assertThat(rig.finished.getFirst().streamed).isTrue();
                            assertThat(rig.finished.getFirst().usage)
                                    .isEqualTo(new Usage(7, 3, 10, -1));
                        }),
                row(
                        "another method: nothing is taken for usage",
                        ONE,
                        (proxy, rig) -> {
                            String path = "/vllm.grpc.engine.VllmEngine/GetServerInfo";
                            answering(proxy, path, frame(ByteString.EMPTY));
                            proxy.responseBody("\0\0\0\0\6\22\4\30\7\40\12", false);
                            proxy.responseTrailers();
                            proxy.responsePiece();
                            proxy.reply();
                            assertThat(rig.finished.getFirst().usage).isNull();
                        }));
    }

    private static void answering(ProxySide proxy, String path, ByteString frame) throws Exception {
        headers(proxy, path).requestBody(frame, true);
        proxy.reply();
        proxy.requestBodyBytes();
        proxy.answer(false, ":status", "200", "content-type", "application/grpc");
        proxy.reply();
    }

    private static ProxySide headers(ProxySide proxy, String path, String... more) {
        List<String> all =
                new ArrayList<>(
                        List.of(
                                ":method",
                                "POST",
                                ":path",
                                path,
                                "content-type",
                                "application/grpc"));
        all.addAll(List.of(more));
        return proxy.requestHeaders(false, all.toArray(String[]::new));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void holds(Row row) throws Exception {
        row.hold();
    }
}

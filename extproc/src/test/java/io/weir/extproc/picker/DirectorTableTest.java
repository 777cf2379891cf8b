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

import static java.util.Objects.requireNonNull;

import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;

import io.envoyproxy.envoy.service.ext_proc.v3.CommonResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.ImmediateResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.weir.extproc.picker.ProtocolTable.Pod;
import io.weir.extproc.picker.ProtocolTable.Row;
import io.weir.extproc.picker.ProtocolTable.Setup;
import io.weir.extproc.picker.ProtocolTable.Talk;
import io.weir.extproc.testing.ProxySide;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a request goes through between its body and its server, case by case, over a real gRPC
 * channel and with the real picker: the reference's director and its hermetic suite. Where Weir
 * differs on purpose, docs/differences.md says why.
 */
class DirectorTableTest {

    private static final List<Pod> THREE = List.of(pod(3, .2), pod(0, .1), pod(10, .2));
    private static final List<Pod> EQUAL = List.of(pod(0, 0), pod(0, 0));

    static Stream<Row> rows() {
        return Stream.of(
                        scores(),
                        lists(),
                        models(),
                        bodies(),
                        offers(),
                        conditions(),
                        refusals(),
                        sessions())
                .flatMap(part -> part);
    }

    private static Stream<Row> scores() {
        return Stream.of(
                row(
                        "scores 1: every candidate's, and more for the better",
                        THREE,
                        Setup.USUAL.tellingScores(),
                        (proxy, rig) -> {
                            proxy.chatHeaders().requestBody(completion("m"), true);
                            ProcessingResponse reply = proxy.reply();
                            destination(reply, rig.address(2));
                            Struct scores = scores(reply).getStructValue();
                            assertThat(scores.getFieldsMap())
                                    .containsOnlyKeys(
                                            rig.address(1), rig.address(2), rig.address(3));
                            assertThat(score(scores, rig.address(2)))
                                    .isGreaterThan(score(scores, rig.address(1)));
                            assertThat(score(scores, rig.address(1)))
                                    .isGreaterThan(score(scores, rig.address(3)));
                        }),
                row(
                        "scores: weighted and summed, of the servers that filters left",
                        THREE,
                        Setup.USUAL
                                .tellingScores()
                                .config(
                                        profile(
                                                "header-based-testing-filter",
                                                "{pluginRef: header-based-testing-filter}",
                                                "kv-cache-utilization-scorer",
                                                "{pluginRef: kv-cache-utilization-scorer, weight: 2}")),
                        (proxy, rig) -> {
                            String two = rig.address(1) + "," + rig.address(2);
                            proxy.chatHeaders("test-epp-endpoint-selection", two);
                            proxy.requestBody(completion("m"), true);
                            Struct scores = scores(proxy.reply()).getStructValue();
                            assertThat(scores.getFieldsMap())
                                    .containsOnlyKeys(rig.address(1), rig.address(2));
                            assertThat(score(scores, rig.address(2))).isBetween(1.75, 1.8);
                            assertThat(score(scores, rig.address(1))).isBetween(1.55, 1.6);
                        }),
                row(
                        "scores: of a request without a body, too",
                        EQUAL,
                        Setup.USUAL.tellingScores(),
                        (proxy, rig) -> {
                            proxy.requestHeaders(true, ":method", "GET", ":path", "/v1/models");
                            assertThat(scores(proxy.reply()).getStructValue().getFieldsMap())
                                    .hasSize(2);
                        }),
                row(
                        "scores 2: none unless they are asked for",
                        EQUAL,
                        (proxy, rig) -> {
                            proxy.chatHeaders().requestBody(completion("m"), true);
                            assertThat(lb(proxy.reply()).getFieldsMap())
                                    .containsOnlyKeys("x-gateway-destination-endpoint");
                        }));
    }

    private static Struct lb(ProcessingResponse reply) {
        return reply.getDynamicMetadata().getFieldsOrThrow("envoy.lb").getStructValue();
    }

    private static Value scores(ProcessingResponse reply) {
        return lb(reply).getFieldsOrThrow("x-gateway-destination-endpoint-scores");
    }

    private static double score(Struct scores, String address) {
        return scores.getFieldsOrThrow(address).getNumberValue();
    }

    /** A configuration of plugin types and of what a profile says of each. */
    private static String profile(String... typesAndUses) {
        StringBuilder types = new StringBuilder("plugins:\n");
        StringBuilder uses =
                new StringBuilder("schedulingProfiles:\n- name: default\n  plugins:\n");
        for (int i = 0; i < typesAndUses.length; i += 2) {
            types.append("- type: ").append(typesAndUses[i]).append('\n');
            uses.append("  - ").append(typesAndUses[i + 1]).append('\n');
        }
        return types.append(uses).toString();
    }

    private static Stream<Row> lists() {
        return Stream.of(
                row(
                        "several endpoints, best first, and the body as it came",
                        THREE,
                        Setup.USUAL.fallbacks(3),
                        (proxy, rig) -> {
                            proxy.chatHeaders().requestBody(completion("m"), true);
                            String all =
                                    String.join(
                                            ",", rig.address(2), rig.address(1), rig.address(3));
                            destination(proxy.reply(), all);
                            assertThat(proxy.requestBodyReplies()).isEqualTo(completion("m"));
                        }),
                row(
                        "a list is never longer than the pool",
                        ONE,
                        Setup.USUAL.fallbacks(3),
                        (proxy, rig) -> {
                            proxy.chatHeaders().requestBody(completion("m"), true);
                            destination(proxy.reply(), rig.address(1));
                        }));
    }

    private static Stream<Row> models() {
        return Stream.of(
                row(
                        "no model, but a rule for all",
                        ONE,
                        Setup.USUAL.generic("base"),
                        passes("{\"prompt\":\"a\"}", "{\"model\":\"base\",\"prompt\":\"a\"}")),
                row(
                        "a model that no rule names, and a rule for all",
                        ONE,
                        Setup.USUAL.generic("base"),
                        passes(completion("m"), completion("base"))),
                row(
                        "an exact rule beats the rule for all",
                        ONE,
                        Setup.USUAL.generic("base"),
                        passes(completion("alias"), completion("rewritten"))),
                row(
                        "an empty model",
                        ONE,
                        (proxy, rig) -> {
                            proxy.chatHeaders().requestBody("{\"model\":\"\"}", true);
                            refused(
                                    proxy,
                                    400,
                                    "inference error: BadRequest - model not found in request body");
                        }));
    }

    private static Talk passes(String body, String sent) {
        return (proxy, rig) -> {
            proxy.chatHeaders().requestBody(body, true);
            destination(proxy.reply(), rig.address(1));
            assertThat(proxy.requestBodyReplies()).isEqualTo(sent);
        };
    }

    private static Stream<Row> bodies() {
        String chat =
                """
                {"model":"m","messages":[{"role":"system","content":"s"},\
                {"role":"user","content":[{"type":"text","text":"u"}]},\
                {"role":"assistant","content":null}]}\
                """;
        return Stream.of(
                row("a chat of several messages", ONE, passes(chat, chat)),
                row(
                        "neither prompt nor messages: for the server to judge",
                        ONE,
                        passes("{\"model\":\"m\"}", "{\"model\":\"m\"}")),
                row(
                        "no messages: for the server to judge",
                        ONE,
                        passes(
                                "{\"model\":\"m\",\"messages\":[]}",
                                "{\"model\":\"m\",\"messages\":[]}")));
    }

    private static Stream<Row> offers() {
        Value others =
                Value.newBuilder()
                        .setListValue(
                                ListValue.newBuilder()
                                        .addValues(Value.newBuilder().setNumberValue(7))
                                        .addValues(Value.newBuilder().setStringValue("127.0.1.3")))
                        .build();
        return Stream.of(
                row(
                        "an offer of two",
                        THREE,
                        (proxy, rig) ->
                                asked(
                                        proxy.subset(rig.address(1), rig.address(3)),
                                        rig.address(1))),
                row(
                        "what is no text in an offer is not read",
                        THREE,
                        (proxy, rig) -> asked(proxy.subset(others), rig.address(3))),
                row(
                        "metadata of others are no offer",
                        THREE,
                        (proxy, rig) ->
                                asked(
                                        proxy.metadata("other.namespace", "key", others),
                                        rig.address(2))),
                row(
                        "an offer under another name is no offer",
                        THREE,
                        (proxy, rig) ->
                                asked(
                                        proxy.metadata("envoy.lb.subset_hint", "key", others),
                                        rig.address(2))),
                row(
                        "offers may be ignored",
                        THREE,
                        Setup.USUAL.ignoringOffers(),
                        (proxy, rig) -> asked(proxy.subset(rig.address(3)), rig.address(2))));
    }

    private static Stream<Row> conditions() {
        return Stream.of(
                row(
                        "conditional decode: nobody has the prompt",
                        EQUAL,
                        (proxy, rig) -> {
                            prefers(proxy, "if-available");
                            ImmediateResponse answer = proxy.reply().getImmediateResponse();
                            assertThat(answer.getStatus().getCodeValue()).isEqualTo(412);
                            assertThat(answer.getBody().toStringUtf8())
                                    .startsWith("inference error: PreconditionFailed - ");
                        }),
                row(
                        "conditional decode: whoever has the prompt gets it",
                        EQUAL,
                        (proxy, rig) -> {
                            String first;
                            try (ProxySide before = rig.open()) {
                                before.chatHeaders().requestBody(longPrompt(), true);
                                first = named(before.reply());
                                before.answer(true, ":status", "200");
                            }
                            prefers(proxy, "return=minimal, IF-Available; wait=1");
                            assertThat(named(proxy.reply())).isEqualTo(first);
                        }),
                row(
                        "conditional decode: another preference is none",
                        ONE,
                        (proxy, rig) -> {
                            prefers(proxy, "respond-async");
                            destination(proxy.reply(), rig.address(1));
                        }));
    }

    private static void prefers(ProxySide proxy, String preference) {
        proxy.chatHeaders("prefer", preference).requestBody(longPrompt(), true);
    }

    private static String longPrompt() {
        return "{\"model\":\"m\",\"prompt\":\"" + "once upon a time ".repeat(200) + "\"}";
    }

    private static String named(ProcessingResponse reply) {
        assertThat(reply.hasRequestHeaders()).as(reply.toString()).isTrue();
        return lb(reply).getFieldsOrThrow("x-gateway-destination-endpoint").getStringValue();
    }

    private static Stream<Row> refusals() {
        return Stream.of(
                row(
                        "filters that leave nobody",
                        EQUAL,
                        Setup.USUAL.config(
                                profile(
                                        "header-based-testing-filter",
                                        "{pluginRef: header-based-testing-filter}")),
                        (proxy, rig) -> {
                            proxy.chatHeaders().requestBody(completion("m"), true);
                            ImmediateResponse answer =
                                    refused(
                                            proxy,
                                            429,
                                            "inference error: ResourceExhausted - no endpoints"
                                                    + " available for the given request");
                            assertThat(ProxySide.set(answer.getHeaders()))
                                    .containsEntry(
                                            "x-llm-d-request-dropped-reason", "rejected-saturated");
                        }),
                row(
                        "a plugin that does not admit",
                        List.of(pod(50, .99)),
                        Setup.USUAL.config(
                                """
                                plugins:
                                - type: probabilistic-admitter
                                - type: queue-scorer
                                """),
                        (proxy, rig) -> {
                            proxy.chatHeaders("x-gateway-inference-objective", "sheddable");
                            proxy.requestBody(completion("m"), true);
                            ImmediateResponse answer = proxy.reply().getImmediateResponse();
                            assertThat(answer.getStatus().getCodeValue()).isEqualTo(429);
                            assertThat(ProxySide.set(answer.getHeaders()))
                                    .containsEntry(
                                            "x-llm-d-request-dropped-reason", "rejected-saturated");
                        }),
                row(
                        "sheddable, and nobody there",
                        NONE,
                        (proxy, rig) -> {
                            proxy.chatHeaders("x-gateway-inference-objective", "sheddable");
                            proxy.requestBody(completion("m"), true);
                            refused(proxy, 503, NO_CANDIDATES);
                        }));
    }

    private static Stream<Row> sessions() {
        return Stream.of(
                row(
                        "sess 1: a filter keeps a session by its token",
                        EQUAL,
                        Setup.USUAL.config(
                                profile(
                                        "session-affinity-filter",
                                        "{pluginRef: session-affinity-filter}")),
                        DirectorTableTest::staysByToken),
                row(
                        "sess 2: a scorer keeps a session by its token",
                        EQUAL,
                        Setup.USUAL.config(
                                profile(
                                        "session-affinity-scorer",
                                        "{pluginRef: session-affinity-scorer, weight: 1}")),
                        DirectorTableTest::staysByToken),
                row(
                        "sess 3: each stage has a token of its own",
                        List.of(pod(0, 0).as("decode"), pod(0, 0).as("prefill")),
                        Setup.USUAL.config(stages("deciders: {prefill: always-disagg-pd-decider}")),
                        (proxy, rig) ->
                                assertThat(tokens(proxy, rig))
                                        .containsKeys(
                                                "x-session-token", "x-session-token-prefill")),
                row(
                        "sess 4: a stage that did not run has no token",
                        List.of(pod(0, 0).as("decode"), pod(0, 0).as("prefill")),
                        Setup.USUAL.config(stages("{}")),
                        (proxy, rig) ->
                                assertThat(tokens(proxy, rig))
                                        .containsKey("x-session-token")
                                        .doesNotContainKey("x-session-token-prefill")),
                row(
                        "sess 5-6: by header, else by agent; the header goes first",
                        EQUAL,
                        Setup.USUAL.config(BY_ID),
                        (proxy, rig) -> {
                            String agent = stays(rig, "x-claude-code-session-id", "a1");
                            String header = stays(rig, "x-session-id", "s1");
                            String other = agent.equals(header) ? agent : header;
                            try (ProxySide both = rig.open()) {
                                both.chatHeaders(
                                        "x-claude-code-session-id", "a1", "x-session-id", "s1");
                                both.requestBody(completion("m"), true);
                                assertThat(named(both.reply())).isEqualTo(other);
                            }
                        }));
    }

    private static final String BY_ID =
            """
            plugins:
            - type: agent-identity
            - type: session-affinity-filter
              parameters:
                strategy: session_id
                sessionIdConfig:
                  sources: [{header: x-session-id}, {attribute: agent-identity}]
            schedulingProfiles:
            - name: default
              plugins:
              - {pluginRef: session-affinity-filter}
            """;

    private static String stages(String handler) {
        return """
        plugins:
        - type: prefill-filter
        - type: decode-filter
        - type: always-disagg-pd-decider
        - {type: session-affinity-scorer, name: decode-session, parameters: {profileName: decode}}
        - type: session-affinity-scorer
          name: prefill-session
          parameters:
            profileName: prefill
            encodedEndpointHeaderConfig: {header: x-session-token-prefill}
        - type: disagg-profile-handler
          parameters: {%s}
        schedulingProfiles:
        - name: decode
          plugins: [{pluginRef: decode-filter}, {pluginRef: decode-session, weight: 1}]
        - name: prefill
          plugins: [{pluginRef: prefill-filter}, {pluginRef: prefill-session, weight: 1}]
        """
                .formatted(handler.equals("{}") ? "" : handler);
    }

    private static Map<String, String> tokens(ProxySide proxy, PickerRig rig) throws Exception {
        proxy.chatHeaders().requestBody(completion("m"), true);
        destination(proxy.reply(), rig.address(1));
        proxy.requestBodyReplies();
        proxy.answer(true, ":status", "200");
        CommonResponse answer = proxy.reply().getResponseHeaders().getResponse();
        return ProxySide.set(answer.getHeaderMutation());
    }

    private static void staysByToken(ProxySide proxy, PickerRig rig) throws Exception {
        proxy.chatHeaders().requestBody(completion("m"), true);
        String first = named(proxy.reply());
        proxy.requestBodyReplies();
        proxy.answer(true, ":status", "200");
        CommonResponse answer = proxy.reply().getResponseHeaders().getResponse();
        String token = ProxySide.set(answer.getHeaderMutation()).get("x-session-token");
        assertThat(stays(rig, "x-session-token", requireNonNull(token))).isEqualTo(first);
    }

    /** Asks ten times with a header; returns the one server that takes them all. */
    private static String stays(PickerRig rig, String header, String value) throws Exception {
        String server = "";
        for (int i = 0; i < 10; i++) {
            try (ProxySide again = rig.open()) {
                again.chatHeaders(header, value).requestBody(completion("m"), true);
                String now = named(again.reply());
                assertThat(now).isEqualTo(i == 0 ? now : server);
                server = now;
                again.requestBodyReplies();
                again.answer(true, ":status", "200");
                again.reply();
            }
        }
        return server;
    }

    @ParameterizedTest
    @MethodSource("rows")
    void holds(Row row) throws Exception {
        row.hold();
    }
}

package io.weir.picker.pool;

import static io.weir.picker.pool.PoolTesting.POOL;
import static io.weir.picker.pool.PoolTesting.picked;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.picker.Endpoint;
import io.weir.picker.EndpointSnapshot;
import io.weir.picker.HeaderField;
import io.weir.picker.PickRequest;
import io.weir.picker.PickResult;
import io.weir.picker.PickResult.Reason;
import io.weir.picker.PickResult.Refused;
import io.weir.picker.PickerSettings;
import io.weir.picker.PoolPicker;
import io.weir.picker.RequestDetails;
import io.weir.picker.Reservation;
import io.weir.picker.Reservation.End;
import io.weir.picker.builtin.BuiltInPlugins;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

/** Requests that several profiles judge, and headers that say so. */
class ProfilesTest {

    private static final String HEAD =
            """
            apiVersion: llm-d.ai/v1alpha1
            kind: EndpointPickerConfig
            """;
    private static final String PREFILL_DECODE =
            HEAD
                    + """
                    plugins:
                    - type: %s
                      parameters: {%s}
                    - type: disagg-profile-handler
                      parameters: {deciders: {prefill: %s}}
                    - type: decode-filter
                    - type: prefill-filter
                    - type: active-request-scorer
                    schedulingProfiles:
                    - name: decode
                      plugins: [{pluginRef: decode-filter}, {pluginRef: active-request-scorer}]
                    - name: prefill
                      plugins: [{pluginRef: prefill-filter}, {pluginRef: active-request-scorer}]
                    """;
    private static final String ALWAYS =
            PREFILL_DECODE.formatted("always-disagg-pd-decider", "", "always-disagg-pd-decider");
    private static final String BY_PREFIX =
            PREFILL_DECODE.formatted(
                    "prefix-based-pd-decider", "nonCachedTokens: 100", "prefix-based-pd-decider");

    private final AtomicLong nanos = new AtomicLong(1_000_000_000L);
    private final PickerRegistry registry =
            new PickerRegistry(
                    List.of(new BuiltInPlugins()),
                    EndpointWatch.NONE,
                    nanos::get,
                    new AtomicLong(7)::get);
    private final List<Endpoint> endpoints = new ArrayList<>();

    private Endpoint add(String name, Map<String, String> labels) {
        int i = endpoints.size();
        Endpoint endpoint = new Endpoint("default/" + name, name, "10.0.0." + i, 8000 + i, labels);
        endpoints.add(endpoint);
        return endpoint;
    }

    private Endpoint role(String name, String role) {
        return add(name, Map.of("llm-d.ai/role", role));
    }

    private PoolPicker picker(String config) {
        var spec = new PoolSpec(endpoints, new PickerSettings(config, "test"));
        assertThat(registry.apply(Map.of(POOL, spec))).isEmpty();
        return registry.forPool(POOL);
    }

    private static PickRequest request(Map<String, String> headers) {
        return request(headers, new byte[0]);
    }

    private static PickRequest request(Map<String, String> headers, byte[] prompt) {
        return PickRequest.forModel("llama")
                .prompt(List.of(ByteBuffer.wrap(prompt)), Math.max(1, prompt.length / 4))
                .details(new RequestDetails("id", 0, 0, false, headers::get, List.of()))
                .build();
    }

    private EndpointSnapshot snapshot(PoolPicker picker, Endpoint endpoint) {
        return picker.endpoints().stream()
                .filter(found -> found.endpoint().equals(endpoint))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void decodeGetsTheRequestWithTheAddressOfThePrefillServer() {
        // Given
        Endpoint prefill = role("p", "prefill");
        Endpoint decode = role("d", "decode");
        PoolPicker picker = picker(ALWAYS);

        // When
        Reservation reservation = picked(picker.pick(request(Map.of(), new byte[4000])));

        // Then
        assertThat(reservation.current()).isEqualTo(decode);
        assertThat(reservation.requestHeaders())
                .containsExactly(new HeaderField("x-prefiller-host-port", prefill.authority()));
    }

    @Test
    void thePrefillServerIsChargedWithThePromptUntilTheFirstByte() {
        // Given
        Endpoint prefill = role("p", "prefill");
        Endpoint decode = role("d", "decode");
        PoolPicker picker = picker(ALWAYS);

        // When
        Reservation reservation = picked(picker.pick(request(Map.of(), new byte[4000])));

        // Then
        assertThat(snapshot(picker, prefill).inFlightRequests()).isOne();
        assertThat(snapshot(picker, prefill).inFlightTokens()).isEqualTo(1000);
        assertThat(snapshot(picker, decode).inFlightRequests()).isOne();
        assertThat(snapshot(picker, decode).inFlightTokens()).isEqualTo(256);

        // When
        reservation.firstByte();

        // Then
        assertThat(snapshot(picker, prefill).inFlightRequests()).isZero();
        assertThat(snapshot(picker, prefill).inFlightTokens()).isZero();
        assertThat(snapshot(picker, decode).inFlightRequests()).isOne();

        // When
        reservation.release(End.COMPLETED, 7);

        // Then
        assertThat(picker.endpoints())
                .allMatch(found -> found.inFlightRequests() == 0 && found.inFlightTokens() == 0);
    }

    @Test
    void whateverEndsARequestEndsTheWorkOfAllItsServersOnce() {
        // Given
        role("p", "prefill");
        role("d1", "decode");
        role("d2", "decode");
        PoolPicker picker = picker(ALWAYS);

        // When
        Reservation reservation = picked(picker.pick(request(Map.of(), new byte[4000])));
        reservation.next();
        reservation.release(End.CANCELLED, -1);
        reservation.release(End.FAILED, -1);

        // Then
        assertThat(picker.endpoints())
                .allMatch(found -> found.inFlightRequests() == 0 && found.inFlightTokens() == 0);
    }

    @Test
    void withoutAPrefillServerDecodeDoesBoth() {
        // Given
        Endpoint decode = role("d", "decode");
        PoolPicker picker = picker(ALWAYS);

        // When
        Reservation reservation = picked(picker.pick(request(Map.of(), new byte[4000])));

        // Then
        assertThat(reservation.current()).isEqualTo(decode);
        assertThat(reservation.requestHeaders()).isEmpty();
        assertThat(snapshot(picker, decode).inFlightTokens()).isEqualTo(1000 + 256);
    }

    @Test
    void withoutADecodeServerTheRequestIsRefusedAndNothingStaysReserved() {
        // Given
        Endpoint prefill = role("p", "prefill");
        PoolPicker picker =
                picker(
                        ALWAYS.replace("{deciders", "{stageOrder: prefill-first, deciders")
                                .replace(", deciders: {prefill: always-disagg-pd-decider}", ""));

        // When
        PickResult result = picker.pick(request(Map.of()));

        // Then
        assertThat(result)
                .isEqualTo(new Refused(Reason.SHED, "failed to find available decode workers", 1));
        assertThat(snapshot(picker, prefill).inFlightRequests()).isZero();
    }

    @Test
    void prefillStaysWithDecodeOnceThePromptIsKnownThere() {
        // Given
        role("p", "prefill");
        role("d", "decode");
        PoolPicker picker =
                picker(
                        BY_PREFIX.replace(
                                "- type: decode-filter",
                                "- type: prefix-cache-scorer\n- type: decode-filter"));
        PickRequest request = request(Map.of(), new byte[4000]);

        // When
        Reservation first = picked(picker.pick(request));
        Reservation second = picked(picker.pick(request));

        // Then
        assertThat(first.requestHeaders()).hasSize(1);
        assertThat(second.requestHeaders()).isEmpty();
    }

    @ParameterizedTest(name = "{0} tokens -> {1}")
    @CsvSource({"99, false", "100, true"})
    void prefillIsDecidedByTheTokensThatAreNotKnown(int tokens, boolean runs) {
        // Given
        role("p", "prefill");
        role("d", "decode");
        PoolPicker picker = picker(BY_PREFIX);

        // When
        Reservation reservation = picked(picker.pick(request(Map.of(), new byte[4 * tokens])));

        // Then
        assertThat(reservation.requestHeaders().isEmpty()).isNotEqualTo(runs);
    }

    @Test
    void mediaGoToAnEncodeServer() {
        // Given
        Endpoint encode = role("e", "encode");
        role("d", "decode");
        PoolPicker picker =
                picker(
                        HEAD
                                + """
                                plugins:
                                - type: always-disagg-multimodal-decider
                                - type: disagg-profile-handler
                                  parameters:
                                    deciders: {encode: always-disagg-multimodal-decider}
                                - type: decode-filter
                                - type: encode-filter
                                schedulingProfiles:
                                - {name: decode, plugins: [{pluginRef: decode-filter}]}
                                - {name: encode, plugins: [{pluginRef: encode-filter}]}
                                """);
        var image = ByteBuffer.wrap(new byte[] {1, 2, 3});
        var details =
                new RequestDetails("", 0, 0, false, Map.<String, String>of()::get, List.of(image));

        // When
        Reservation plain = picked(picker.pick(request(Map.of())));
        Reservation media =
                picked(picker.pick(PickRequest.forModel("llama").details(details).build()));

        // Then
        assertThat(plain.requestHeaders()).isEmpty();
        assertThat(media.requestHeaders())
                .containsExactly(new HeaderField("x-encoder-hosts-ports", encode.authority()));
    }

    @Test
    void aHeaderNamesTheProfile() {
        // Given
        Endpoint prefill = role("p", "prefill");
        Endpoint decode = role("d", "decode");
        PoolPicker picker =
                picker(
                        HEAD
                                + """
                                plugins:
                                - type: header-profile-handler
                                - type: decode-filter
                                - type: prefill-filter
                                schedulingProfiles:
                                - {name: prefill, plugins: [{pluginRef: prefill-filter}]}
                                - {name: decode, plugins: [{pluginRef: decode-filter}]}
                                """);

        // Then
        assertThat(picked(picker.pick(request(Map.of()))).current()).isEqualTo(decode);
        assertThat(picked(picker.pick(request(Map.of("epp-profile", "prefill")))).current())
                .isEqualTo(prefill);
        assertThat(picker.pick(request(Map.of("epp-profile", "other"))))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> assertThat(refused.reason()).isEqualTo(Reason.BAD_REQUEST));
    }

    @Test
    void aRankIsNamedInAHeaderAndReachedByThePrimaryPort() {
        // Given
        add("ranks", Map.of());
        Endpoint rank = add("ranks", Map.of("rank", "1"));
        PoolPicker picker =
                picker(
                        HEAD
                                + """
                                plugins:
                                - type: data-parallel-profile-handler
                                - type: label-selector-filter
                                  parameters: {matchLabels: {rank: "1"}}
                                """);

        // When
        Reservation reservation = picked(picker.pick(request(Map.of())));

        // Then
        assertThat(reservation.current().authority()).isEqualTo("10.0.0.1:8000");
        assertThat(reservation.ordered(1)).containsExactly(reservation.current());
        assertThat(reservation.requestHeaders())
                .containsExactly(new HeaderField("x-data-parallel-host-port", rank.authority()));
    }

    @Test
    void aSessionGoesWhereItsTokenSays() {
        // Given
        for (int i = 0; i < 8; i++) {
            add("pod-" + i, Map.of());
        }
        PoolPicker picker = picker(HEAD + "plugins: [{type: session-affinity-filter}]");

        // When
        Reservation first = picked(picker.pick(request(Map.of())));
        HeaderField token = first.responseHeaders().getFirst();

        // Then
        assertThat(token.name()).isEqualTo("x-session-token");
        assertThat(new String(Base64.getDecoder().decode(token.value()), StandardCharsets.UTF_8))
                .isEqualTo(first.current().name());
        for (int i = 0; i < 20; i++) {
            var headers = Map.of(token.name(), token.value());
            assertThat(picked(picker.pick(request(headers))).current()).isEqualTo(first.current());
        }
        assertThat(picker.pick(request(Map.of("x-session-token", "%%"))))
                .isInstanceOf(PickResult.Picked.class);
    }

    @Test
    void theTokenNamesTheEndpointThatAnswered() {
        // Given
        add("a", Map.of());
        add("b", Map.of());
        PoolPicker picker = picker(HEAD + "plugins: [{type: session-affinity-scorer}]");

        // When
        Reservation reservation = picked(picker.pick(request(Map.of())));
        Endpoint second = Objects.requireNonNull(reservation.next());

        // Then
        byte[] name = second.name().getBytes(StandardCharsets.UTF_8);
        assertThat(reservation.responseHeaders().getFirst().value())
                .isEqualTo(Base64.getEncoder().encodeToString(name));
    }

    @Test
    void eachRoleHasATokenOfItsOwn() {
        // Given
        role("p", "prefill");
        role("d", "decode");
        PoolPicker picker =
                picker(
                        BY_PREFIX.replace(
                                "- type: decode-filter",
                                """
                                - {type: session-affinity-scorer, name: decode-session, parameters: {profileName: decode}}
                                - type: session-affinity-scorer
                                  name: prefill-session
                                  parameters:
                                    profileName: prefill
                                    encodedEndpointHeaderConfig: {header: x-session-token-prefill}
                                - type: decode-filter\
                                """));

        // Then
        assertThat(picked(picker.pick(request(Map.of(), new byte[4000]))).responseHeaders())
                .extracting(HeaderField::name)
                .containsExactly("x-session-token", "x-session-token-prefill");
        assertThat(picked(picker.pick(request(Map.of(), new byte[4]))).responseHeaders())
                .extracting(HeaderField::name)
                .containsExactly("x-session-token");
    }

    @Test
    void sessionsAreBoundByTheFirstSourceThatNamesThem() {
        // Given
        for (int i = 0; i < 8; i++) {
            add("pod-" + i, Map.of());
        }
        PoolPicker picker =
                picker(
                        HEAD
                                + """
                                plugins:
                                - type: agent-identity
                                - type: session-affinity-filter
                                  parameters:
                                    strategy: session_id
                                    sessionIdConfig:
                                      sources:
                                      - header: x-session-id
                                      - {attribute: agent-identity, producer: agent-identity}
                                - type: random-picker
                                """);
        var byHeader = Map.of("x-session-id", "one", "x-claude-code-session-id", "two");
        var byAgent = Map.of("x-claude-code-session-id", "two");

        // When
        Endpoint one = picked(picker.pick(request(byHeader))).current();
        Endpoint two = picked(picker.pick(request(byAgent))).current();

        // Then
        for (int i = 0; i < 10; i++) {
            assertThat(picked(picker.pick(request(byHeader))).current()).isEqualTo(one);
            assertThat(picked(picker.pick(request(byAgent))).current()).isEqualTo(two);
        }
    }

    @Test
    void aSessionMovesWhenItsEndpointIsGone() {
        // Given
        for (int i = 0; i < 4; i++) {
            add("pod-" + i, Map.of());
        }
        String config =
                HEAD
                        + "plugins: [{type: session-affinity-filter,"
                        + " parameters: {strategy: session_id}}]";
        PoolPicker picker = picker(config);
        PickRequest request = request(Map.of("x-session-id", "one"));
        Endpoint first = picked(picker.pick(request)).current();

        // When
        endpoints.remove(first);
        picker(config);
        Endpoint second = picked(picker.pick(request)).current();
        endpoints.add(first);
        picker(config);

        // Then
        assertThat(second).isNotEqualTo(first);
        assertThat(picked(picker.pick(request)).current()).isEqualTo(second);
    }

    @Test
    void bothServersOfARequestAreOfOneRevision() {
        // Given
        for (String revision : List.of("a", "a", "b")) {
            for (String role : List.of("prefill", "decode")) {
                add(
                        role + "-" + revision + endpoints.size(),
                        Map.of("llm-d.ai/role", role, "role", role, "revision", revision));
            }
        }
        add("lonely", Map.of("llm-d.ai/role", "decode", "role", "decode", "revision", "c"));
        PoolPicker picker =
                picker(
                        ALWAYS.replace(
                                "- type: decode-filter",
                                """
                                - type: disaggregatedset-rollout-screener
                                  parameters:
                                    scope: {labelSelector: revision}
                                    headerSelectors:
                                    - {headerName: x-revision, labelKey: revision, mode: strict}
                                    revisionGating:
                                      mode: sum
                                      revisionLabelKey: revision
                                      roleLabelKey: role
                                      requireRoles: {values: [prefill, decode]}
                                - type: decode-filter\
                                """));
        int a = 0;

        // When
        for (int i = 0; i < 300; i++) {
            Reservation reservation = picked(picker.pick(request(Map.of())));
            String prefiller = reservation.requestHeaders().getFirst().value();
            String revision = reservation.current().labels().getOrDefault("revision", "");
            Endpoint prefill =
                    endpoints.stream()
                            .filter(endpoint -> endpoint.authority().equals(prefiller))
                            .findFirst()
                            .orElseThrow();
            assertThat(prefill.labels()).containsEntry("revision", revision);
            assertThat(reservation.responseHeaders())
                    .containsExactly(new HeaderField("x-revision", revision));
            a += "a".equals(revision) ? 1 : 0;
        }

        // Then
        assertThat(a).isBetween(170, 230);
        assertThat(picked(picker.pick(request(Map.of("x-revision", "b")))).current().labels())
                .containsEntry("revision", "b");
        assertThat(picker.pick(request(Map.of("x-revision", "c"))))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> assertThat(refused.reason()).isEqualTo(Reason.NO_ENDPOINTS));
    }

    @ParameterizedTest(name = "prefer: {0}")
    @CsvSource(
            delimiter = '|',
            value = {"if-available", "respond-async, If-Available;x=1"})
    void aConditionalRequestNeedsAServerThatKnowsItsPrompt(String prefer) {
        // Given
        add("a", Map.of());
        PoolPicker picker = picker(HEAD + "plugins: [{type: prefix-cache-scorer}]");
        PickRequest request = request(Map.of("prefer", prefer), new byte[4000]);

        // When
        PickResult unknown = picker.pick(request);
        picked(picker.pick(request(Map.of(), new byte[4000])));
        PickResult known = picker.pick(request);

        // Then
        assertThat(unknown)
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> assertThat(refused.reason().status()).isEqualTo(412));
        assertThat(known).isInstanceOf(PickResult.Picked.class);
        assertThat(picker.endpoints().getFirst().inFlightRequests()).isEqualTo(2);
    }

    @Test
    void aPeerThatKnowsMoreOfThePromptIsNamed() {
        // Given
        Endpoint first = add("a", Map.of());
        String config =
                HEAD + "plugins: [{type: p2p-source-producer}, {type: active-request-scorer}]";
        picked(picker(config).pick(request(Map.of(), new byte[4000])));
        add("b", Map.of());
        PoolPicker picker = picker(config);

        // When
        Reservation reservation = picked(picker.pick(request(Map.of(), new byte[4000])));

        // Then
        assertThat(reservation.current()).isNotEqualTo(first);
        assertThat(reservation.requestHeaders())
                .containsExactly(new HeaderField("x-kv-cache-source-host-port", first.authority()));
    }
}

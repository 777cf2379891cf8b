package io.weir.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.picker.Endpoint;
import io.weir.picker.Explanation;
import io.weir.picker.PickRequest;
import io.weir.picker.PickResult;
import io.weir.picker.PickerSettings;
import io.weir.picker.RequestDetails;
import io.weir.picker.RequestHeaders;
import io.weir.picker.Reservation;
import io.weir.picker.SentRequest;
import io.weir.picker.Ticket;
import io.weir.picker.pool.EndpointCache;
import io.weir.picker.pool.PickerRegistry;
import io.weir.picker.pool.PoolSpec;
import io.weir.picker.scrape.Scraper;
import io.weir.picker.tokens.TokenCounts;
import io.weir.resource.ObjectKey;
import io.weir.simulator.engine.EngineProfile;
import io.weir.simulator.events.KvEventSettings;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A picker and two servers over real sockets: prompts that somebody else sent to one of them are
 * sent there, as long as it has them.
 */
class PreciseRoutingTest {

    private static final ObjectKey POOL =
            new ObjectKey("inference.networking.k8s.io", "InferencePool", "default", "llama");
    private static final String PROFILE =
            """
            - type: prefix-cache-scorer
            - type: active-request-scorer
            schedulingProfiles:
            - name: default
              plugins:
              - {pluginRef: prefix-cache-scorer, weight: 3}
              - {pluginRef: active-request-scorer, weight: 2}
            """;
    private static final int PROMPTS = 6;

    private final SimulatorHost host = new SimulatorHost(1);
    private final Scraper scraper = Scraper.create();
    private final PickerRegistry registry = PickerRegistry.create(scraper);
    private final List<Reservation> reservations = new ArrayList<>();
    private final Set<String> tokenized = new HashSet<>();
    private int port;
    private int eventPort;
    private int replayPort;
    private SimulatorServer first;
    private SimulatorServer second;

    @BeforeEach
    void start() throws IOException {
        port = freePort();
        eventPort = freePort();
        replayPort = freePort();
        first = server("127.0.0.2", 10_000);
        second = server("127.0.0.3", 40);
    }

    @AfterEach
    void stop() {
        reservations.forEach(one -> one.release(Reservation.End.CANCELLED, -1));
        registry.close();
        scraper.close();
        first.close();
        second.close();
        host.close();
    }

    @Test
    void aPromptGoesWhereSomebodyElseSentIt() throws Exception {
        // Given
        apply(precise());
        listening();
        for (int i = 0; i < PROMPTS; i++) {
            sendTo(second, prompt(i, 60));
        }
        await().until(() -> cache("second").blocks() >= 3 * PROMPTS);

        // Then
        for (int i = 0; i < PROMPTS; i++) {
            assertThat(pick(prompt(i, 60)).current().name()).isEqualTo("second");
        }
        await().until(() -> tokens().inTime() == PROMPTS);
    }

    @Test
    void approximatelyNobodyKnows() throws Exception {
        // Given
        apply("plugins:\n- type: approx-prefix-cache-producer\n" + PROFILE);
        for (int i = 0; i < PROMPTS; i++) {
            sendTo(second, prompt(i, 60));
        }

        // When
        List<String> picked = new ArrayList<>();
        for (int i = 0; i < PROMPTS; i++) {
            picked.add(pick(prompt(i, 60)).current().name());
        }

        // Then
        assertThat(picked).filteredOn("second"::equals).hasSize(PROMPTS / 2);
    }

    @Test
    void conversationsAreKnownToo() throws Exception {
        apply(precise());
        listening();
        String chat =
                """
                {"model":"llama","max_tokens":1,"messages":[
                 {"role":"system","content":"%s"},{"role":"user","content":"Why?"}]}
                """
                        .formatted("You are a friendly river. ".repeat(20));
        post(second, "/v1/chat/completions", chat);
        await().until(() -> cache("second").blocks() > 5);

        Reservation found = pick("/v1/chat/completions", chat, null);

        assertThat(found.current().name()).isEqualTo("second");
        Explanation why =
                registry.explain(POOL, request("llama", "/v1/chat/completions", chat, null))
                        .orElseThrow();
        assertThat(why.stages().getFirst().rows().getFirst().scores().getFirst()).isEqualTo(1.0);
    }

    @Test
    void whatWasEvictedIsForgotten() throws Exception {
        // Given
        apply(precise());
        listening();
        sendTo(second, prompt(0, 60));
        await().until(() -> cache("second").blocks() >= 3);
        assertThat(known("second", prompt(0, 60))).isEqualTo(1.0);

        // When
        for (int i = 1; i < 15; i++) {
            sendTo(second, prompt(i, 60));
        }

        // Then
        await().untilAsserted(() -> assertThat(known("second", prompt(0, 60))).isZero());
        assertThat(known("second", prompt(14, 60))).isEqualTo(1.0);
        assertThat(cache("second").counts().removed()).isPositive();
    }

    @Test
    void aServerThatStartsAnewKnowsNothingAndLearnsAgain() throws Exception {
        // Given
        apply(precise());
        listening();
        sendTo(second, prompt(0, 60));
        await().until(() -> cache("second").blocks() >= 3);
        assertThat(known("second", prompt(0, 60))).isEqualTo(1.0);

        // When
        second.close();
        second = server("127.0.0.3", 40);

        // Then
        await().untilAsserted(() -> assertThat(known("second", prompt(0, 60))).isZero());

        // When
        await().until(() -> {
            sendTo(second, prompt(1, 60));
            return known("second", prompt(1, 60)) == 1.0;
        });

        // Then
        assertThat(known("second", prompt(0, 60))).isZero();
    }

    @Test
    void whoeverJoinsLateAsksForWhatWasMissed() throws Exception {
        // Given
        sendTo(second, prompt(0, 60));
        sendTo(second, prompt(1, 60));

        // When
        apply(precise());

        // Then
        await().until(() -> cache("second").blocks() >= 6);
        assertThat(known("second", prompt(0, 60))).isEqualTo(1.0);
        assertThat(cache("second").counts().replays()).isPositive();
        await().untilAsserted(() -> assertThat(known("first", prompt(0, 60))).isZero());
        assertThat(pick(prompt(0, 60)).current().name()).isEqualTo("second");
    }

    @Test
    void aPromptThatIsKnownIsNotAskedAboutAgain() throws Exception {
        apply(precise());
        listening();
        sendTo(second, prompt(0, 60));
        await().until(() -> cache("second").blocks() >= 3);

        pick(prompt(0, 60));
        pick(prompt(0, 60));
        pick(prompt(0, 60));

        await().until(() -> tokens().inTime() == 1);
        assertThat(tokens().remembered()).isEqualTo(2);
    }

    @Test
    void promptsForAnAdapterAreOfUseToItAlone() throws Exception {
        // Given
        apply(precise());
        listening();
        String sql = body(prompt(0, 60)).replace("llama", "sql");
        post(second, "/v1/completions", sql);
        post(second, "/v1/completions", body(prompt(1, 60)));
        await().until(() -> cache("second").blocks() >= 6);

        // Then
        await().untilAsserted(() -> assertThat(known("second", "sql", sql)).isEqualTo(1.0));
        await().untilAsserted(() -> assertThat(known("second", prompt(0, 60))).isZero());
        assertThat(known("second", prompt(1, 60))).isEqualTo(1.0);
    }

    @Test
    void aRendererTellsTokensToo() throws Exception {
        String renderer = "{vllm: {url: \"http://127.0.0.2:%d\", budget: 5s}}".formatted(port);
        apply(precise(renderer));
        listening();
        sendTo(second, prompt(0, 60));
        await().until(() -> cache("second").blocks() >= 3);

        assertThat(pick(prompt(0, 60)).current().name()).isEqualTo("second");
    }

    @Test
    void eachRankTellsOnItsOwnPort() throws Exception {
        // Given
        SimulatorConfig ranked = first.config().withRank(1);
        try (SimulatorServer rank1 =
                host.start(ranked, new InetSocketAddress("127.0.0.2", port + 1))) {
            Endpoint zero = new Endpoint("a-rank-0", "a", "127.0.0.2", port, Map.of());
            Endpoint one = new Endpoint("a-rank-1", "a", "127.0.0.2", port + 1, Map.of());
            apply(precise(), List.of(zero, one));

            // When
            sendTo(rank1, prompt(0, 60));
            await().until(() -> cache("a-rank-1").blocks() >= 3);

            // Then
            assertThat(cache("a-rank-0").blocks()).isZero();
            assertThat(pick(prompt(0, 60)).current().name()).isEqualTo("a-rank-1");
        }
    }

    private String precise() {
        return precise("{servers: {budget: 5s}}");
    }

    private String precise(String tokenizing) {
        return """
        plugins:
        - type: token-producer
          parameters: %s
        - type: precise-prefix-cache-producer
          parameters:
            kvEventsConfig:
              podDiscoveryConfig: {socketPort: %d, replaySocketPort: %d}
        """
                        .formatted(tokenizing, eventPort, replayPort)
                + PROFILE;
    }

    private void apply(String config) {
        apply(config, List.of(endpoint("first", "127.0.0.2"), endpoint("second", "127.0.0.3")));
    }

    private void apply(String config, List<Endpoint> endpoints) {
        var settings =
                new PickerSettings(
                        "apiVersion: llm-d.ai/v1alpha1\nkind: EndpointPickerConfig\n" + config,
                        "test");
        assertThat(registry.apply(Map.of(POOL, new PoolSpec(endpoints, settings)))).isEmpty();
    }

    /** A subscription takes a moment; what is published before it is missed. */
    private void listening() {
        for (SimulatorServer server : List.of(first, second)) {
            String name = server == first ? "first" : "second";
            await().until(() -> {
                sendTo(server, "x".repeat(64));
                return cache(name).counts().stored() > 0 || cache(name).counts().removed() > 0;
            });
        }
    }

    private Endpoint endpoint(String name, String address) {
        return new Endpoint(name, name, address, port, Map.of());
    }

    private SimulatorServer server(String address, int blocks) throws IOException {
        SimulatorConfig config =
                SimulatorConfig.of("pod", "llama").toBuilder()
                        .profile(EngineProfile.INSTANT.withKvBlocks(blocks).withBlockTokens(16))
                        .kvEvents(
                                KvEventSettings.at("tcp://*:" + eventPort)
                                        .withMaps(address.endsWith("3"))
                                        .withReplay("tcp://*:" + replayPort))
                        .build()
                        .withAdapters("sql");
        return host.start(config, new InetSocketAddress(address, port));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.2"))) {
            return socket.getLocalPort();
        }
    }

    private EndpointCache cache(String endpoint) {
        return Objects.requireNonNull(
                Objects.requireNonNull(registry.caches().get(POOL)).get(endpoint));
    }

    private TokenCounts.Snapshot tokens() {
        return Objects.requireNonNull(registry.tokenCounts().get(POOL));
    }

    /**
     * Returns the share of a prompt that an endpoint is thought to know. The first time, a request
     * finds out the prompt's tokens, and counts as sent for 2 s.
     */
    private double known(String endpoint, String prompt) throws Exception {
        return known(endpoint, "llama", body(prompt));
    }

    private double known(String endpoint, String model, String body) throws Exception {
        PickRequest request = request(model, "/v1/completions", body, null);
        if (tokenized.add(body)) {
            pick(request).release(Reservation.End.CANCELLED, -1);
        }
        Explanation why = registry.explain(POOL, request).orElseThrow();
        return why.stages().getFirst().rows().stream()
                .filter(row -> row.endpoint().equals(endpoint))
                .findFirst()
                .orElseThrow()
                .scores()
                .getFirst();
    }

    private Reservation pick(String prompt) throws Exception {
        return pick("/v1/completions", body(prompt), prompt);
    }

    private Reservation pick(String path, String body, @Nullable String prompt) throws Exception {
        return pick(request("llama", path, body, prompt));
    }

    private Reservation pick(PickRequest request) throws Exception {
        PickResult result = registry.forPool(POOL).pick(request);
        PickResult.Decided decided =
                switch (result) {
                    case PickResult.Decided at -> at;
                    case PickResult.Queued(Ticket ticket) -> {
                        CountDownLatch over = new CountDownLatch(1);
                        ticket.whenOver(over::countDown);
                        assertThat(over.await(10, TimeUnit.SECONDS)).isTrue();
                        yield ticket.take();
                    }
                };
        if (decided instanceof PickResult.Picked(Reservation reservation)) {
            reservations.add(reservation);
            return reservation;
        }
        throw new AssertionError("not picked: " + decided);
    }

    private static PickRequest request(
            String model, String path, String body, @Nullable String prompt) {
        ByteBuffer bytes = ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8));
        String text = prompt == null ? body : prompt;
        return PickRequest.forModel(model)
                .prompt(
                        List.of(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8))),
                        text.length() / 4)
                .details(
                        new RequestDetails(
                                "id",
                                0,
                                bytes.remaining(),
                                false,
                                RequestHeaders.NONE,
                                List.of(),
                                new Sent(path, bytes),
                                null))
                .build();
    }

    private record Sent(String path, ByteBuffer bytes) implements SentRequest {

        @Override
        public List<ByteBuffer> body(@Nullable String model) {
            return List.of(bytes);
        }

        @Override
        public @Nullable String cacheSalt() {
            return null;
        }
    }

    /** Sends a prompt without asking the picker. */
    private void sendTo(SimulatorServer server, String prompt) throws Exception {
        post(server, "/v1/completions", body(prompt));
    }

    private void post(SimulatorServer server, String path, String body) throws Exception {
        try (Client client = new Client(server)) {
            assertThat(client.post(path, body).statusCode()).isEqualTo(200);
        }
    }

    private static String body(String prompt) {
        return "{\"model\":\"llama\",\"max_tokens\":1,\"prompt\":\"" + prompt + "\"}";
    }

    private static String prompt(int number, int tokens) {
        return "p%03d".formatted(number).repeat(tokens);
    }
}

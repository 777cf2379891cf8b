package io.weir.extproc.picker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.util.Objects.requireNonNull;

import io.envoyproxy.envoy.extensions.filters.http.ext_proc.v3.ProcessingMode.BodySendMode;
import io.envoyproxy.envoy.service.ext_proc.v3.ImmediateResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.weir.extproc.testing.ProxySide;
import io.weir.extproc.testing.RegisteredTarget;
import io.weir.extproc.wire.HeldBytes;
import io.weir.model.ModelRewrites;
import io.weir.picker.Endpoint;
import io.weir.picker.PickerSettings;
import io.weir.picker.flow.FlowSnapshot;
import io.weir.picker.pool.EndpointWatch;
import io.weir.picker.pool.PickerRegistry;
import io.weir.picker.pool.PoolSpec;
import io.weir.resource.InferencePool.AppProtocol;
import io.weir.resource.InferencePool.FailureMode;
import io.weir.resource.ObjectKey;
import io.weir.routing.Pool;
import io.weir.telemetry.ExchangeRecord;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Requests that the endpoint picker breaks off for better ones, as a proxy sees it. */
class EvictionTest {

    private static final ObjectKey POOL_KEY = new ObjectKey("", "InferencePool", "default", "p");
    private static final Endpoint ENDPOINT = new Endpoint("pod", "pod", "10.0.0.1", 8000, Map.of());
    private static final PickerSettings ONE_AT_A_TIME =
            new PickerSettings(
                    """
                    apiVersion: llm-d.ai/v1alpha1
                    kind: EndpointPickerConfig
                    featureGates: [flowControl]
                    plugins:
                    - type: concurrency-detector
                      parameters: {maxConcurrency: 1}
                    flowControl:
                      enableEviction: true
                      saturationDetector: {pluginRef: concurrency-detector}
                    """,
                    "test");
    private static final String LAST_EVENT =
            "data: {\"error\":{\"message\":\"request evicted by flow control\","
                    + "\"type\":\"RateLimitError\",\"param\":null,\"code\":429}}\n\n";
    private static final String BODY = "{\"model\":\"m\",\"prompt\":\"hello\"}";

    private final PickerRegistry registry = PickerRegistry.create(EndpointWatch.NONE);
    private final List<ProxySide> streams = new ArrayList<>();
    private final List<ExchangeRecord> records = new CopyOnWriteArrayList<>();
    private final PickerService service =
            new PickerService(
                    new RegisteredTarget(pool(), registry),
                    PickerOptions.DEFAULTS,
                    records::add,
                    HeldBytes.ofHeap(),
                    this::elsewhere);
    private final AtomicInteger doneElsewhere = new AtomicInteger();

    EvictionTest() {
        registry.apply(Map.of(POOL_KEY, new PoolSpec(List.of(ENDPOINT), ONE_AT_A_TIME)));
    }

    private void elsewhere(Runnable task) {
        Thread.startVirtualThread(() -> {
            task.run();
            doneElsewhere.incrementAndGet();
        });
    }

    @AfterEach
    void close() {
        streams.forEach(ProxySide::close);
        registry.close();
    }

    private static Pool pool() {
        return new Pool(
                POOL_KEY,
                List.of(ENDPOINT),
                AppProtocol.HTTP,
                FailureMode.FAIL_CLOSE,
                new ModelRewrites(Map.of(), null),
                Map.of("gold", 10, "scrap", -1),
                Map.of(),
                ONE_AT_A_TIME);
    }

    private ProxySide ask(String objective) {
        return ask(objective, BodySendMode.FULL_DUPLEX_STREAMED);
    }

    private ProxySide ask(String objective, BodySendMode mode) {
        ProxySide stream = new ProxySide(service).mode(mode);
        streams.add(stream);
        stream.chatHeaders("x-gateway-inference-objective", objective);
        return stream.requestBody(BODY, true);
    }

    private ProxySide running(String objective) throws InterruptedException {
        ProxySide stream = ask(objective);
        assertThat(stream.reply().hasRequestHeaders()).isTrue();
        assertThat(stream.reply().hasRequestBody()).isTrue();
        return stream;
    }

    private int inFlight() {
        return registry.forPool(POOL_KEY).endpoints().getFirst().inFlightRequests();
    }

    private long confirmed() {
        FlowSnapshot flows = requireNonNull(registry.flows().get(POOL_KEY));
        return requireNonNull(flows.evictions()).confirmed();
    }

    private static void assertEvicted(ProcessingResponse reply) {
        ImmediateResponse answer = reply.getImmediateResponse();
        assertThat(answer.getStatus().getCodeValue()).isEqualTo(429);
        assertThat(answer.getBody().toStringUtf8()).isEqualTo("request evicted by flow control");
        assertThat(ProxySide.set(answer.getHeaders()))
                .containsEntry("x-llm-d-request-dropped-reason", "evicted")
                .containsEntry("retry-after", "1");
    }

    @Test
    void theProxyIsToldToAnswerAVictimThatItsServerHasNotAnswered() throws Exception {
        // Given
        ProxySide victim = running("scrap");

        // When
        ProxySide better = ask("gold");

        // Then
        assertEvicted(victim.reply());
        assertThat(victim.hasEnded()).isTrue();
        assertThat(better.reply().hasRequestHeaders()).isTrue();
        assertThat(inFlight()).isOne();
        assertThat(confirmed()).isOne();
        await().until(() -> records.size() == 1);
        assertThat(records.getFirst().status).isEqualTo(429);
    }

    private ProxySide answering(String... headers) throws InterruptedException {
        ProxySide victim = running("scrap");
        List<String> all = new ArrayList<>(List.of(":status", "200"));
        all.addAll(List.of(headers));
        victim.responseHeaders("10.0.0.1:8000", all.toArray(String[]::new));
        assertThat(victim.reply().hasResponseHeaders()).isTrue();
        return victim;
    }

    private void assertOnlyTheBetterOneIsUnderWay(ProxySide better) throws InterruptedException {
        assertThat(better.reply().hasRequestHeaders()).isTrue();
        assertThat(inFlight()).isOne();
        assertThat(confirmed()).isOne();
        await().until(() -> records.size() == 1);
        assertThat(records.getFirst().status).isEqualTo(429);
    }

    @Test
    void aStreamOfEventsEndsWithOneThatTellsTheError() throws Exception {
        // Given
        ProxySide victim = answering("content-type", "text/event-stream");
        victim.responseBody("data: {}\n\n", false);
        assertThat(victim.responsePiece()).isEqualTo("data: {}\n\n");

        // When
        ProxySide better = ask("gold");

        // Then
        assertThat(victim.responsePiece()).isEqualTo(LAST_EVENT + "|");
        assertOnlyTheBetterOneIsUnderWay(better);
    }

    @Test
    void aStreamOfWhichNoEventHasComeIsEndedToo() throws Exception {
        ProxySide victim = answering("content-type", "text/event-stream; charset=utf-8");

        ProxySide better = ask("gold");

        assertThat(victim.responsePiece()).isEqualTo(LAST_EVENT + "|");
        assertOnlyTheBetterOneIsUnderWay(better);
    }

    @Test
    void theEventThatIsUnderWayGoesFirst() throws Exception {
        // Given
        ProxySide victim = answering("content-type", "text/event-stream");
        victim.responseBody("data: {\"a\":", false);
        assertThat(victim.responsePiece()).isEqualTo("data: {\"a\":");

        // When
        ProxySide better = ask("gold");
        await("the victim's stream knows").until(() -> doneElsewhere.get() == 1);
        victim.responseBody("1}\n", false);
        assertThat(victim.responsePiece()).isEqualTo("1}\n");
        victim.responseBody("\ndata: {\"b\":2}\n\n", false);

        // Then
        assertThat(victim.responsePiece()).isEqualTo("\n");
        assertThat(victim.responsePiece()).isEqualTo(LAST_EVENT + "|");
        assertOnlyTheBetterOneIsUnderWay(better);
    }

    @Test
    void anEventWhoseRestDoesNotComeIsCutOff() throws Exception {
        ProxySide victim = answering("content-type", "text/event-stream");
        victim.responseBody("data: {\"a\":", false);
        victim.reply();

        ProxySide better = ask("gold");

        assertEvicted(victim.reply());
        assertOnlyTheBetterOneIsUnderWay(better);
    }

    @Test
    void theProxyMayCloseTheStreamInItsOwnTime() throws Exception {
        // Given
        ProxySide victim = answering("content-type", "text/event-stream");
        ask("gold").reply();
        assertThat(victim.responsePiece()).isEqualTo(LAST_EVENT + "|");

        // When
        victim.responseBody("data: {}\n\n", false).responseBody("data: [DONE]\n\n", true);
        victim.endStream();

        // Then
        assertThat(victim.hasEnded()).isTrue();
        assertThat(victim.isSilent()).isTrue();
        assertThat(records).hasSize(1);
    }

    @Test
    void theProxyIsToldToCutOffOtherAnswersThatHaveBegun() throws Exception {
        List<String[]> others =
                List.of(
                        new String[] {"content-type", "application/json"},
                        new String[] {
                            "content-type", "text/event-stream", "content-encoding", "gzip"
                        },
                        new String[] {"content-type", "text/event-stream", "content-length", "99"});
        for (String[] headers : others) {
            ProxySide victim = answering(headers);

            ProxySide better = ask("gold");

            assertEvicted(victim.reply());
            assertThat(better.reply().hasRequestHeaders()).isTrue();
            better.endStream();
            await().until(() -> inFlight() == 0);
        }
    }

    @Test
    void aProxyThatWaitsForEachPieceIsToldToCutOff() throws Exception {
        // Given
        ProxySide victim = ask("scrap", BodySendMode.STREAMED);
        assertThat(victim.reply().hasRequestHeaders()).isTrue();
        assertThat(victim.reply().hasRequestBody()).isTrue();
        victim.responseHeaders(
                "10.0.0.1:8000", ":status", "200", "content-type", "text/event-stream");
        victim.reply();

        // When
        ProxySide better = ask("gold");

        // Then
        assertEvicted(victim.reply());
        assertOnlyTheBetterOneIsUnderWay(better);
    }

    @Test
    void whatAProxySaysAfterwardsIsIgnored() throws Exception {
        ProxySide victim = running("scrap");
        ProxySide better = ask("gold");
        assertEvicted(victim.reply());
        better.reply();

        victim.endStream();
        better.endStream();

        await().until(() -> inFlight() == 0);
        assertThat(victim.isSilent()).isTrue();
        assertThat(confirmed()).isOne();
    }

    @Test
    void aVictimOfManyThatAskAtOnceIsToldOnce() throws Exception {
        ProxySide victim = running("scrap");

        ProxySide first = ask("gold");
        ProxySide second = ask("gold");

        assertEvicted(victim.reply());
        assertThat(first.reply().hasRequestHeaders()).isTrue();
        first.endStream();
        assertThat(second.reply().hasRequestHeaders()).isTrue();
        assertThat(confirmed()).isOne();
    }
}

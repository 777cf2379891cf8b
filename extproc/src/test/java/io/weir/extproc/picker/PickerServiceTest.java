package io.weir.extproc.picker;

import static org.assertj.core.api.Assertions.assertThat;

import io.envoyproxy.envoy.extensions.filters.http.ext_proc.v3.ProcessingMode.BodySendMode;
import io.envoyproxy.envoy.service.ext_proc.v3.HeaderMutation;
import io.envoyproxy.envoy.service.ext_proc.v3.ImmediateResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.weir.extproc.testing.ProxySide;
import io.weir.model.ModelRewrites;
import io.weir.picker.Endpoint;
import io.weir.picker.EndpointSnapshot;
import io.weir.picker.HeaderField;
import io.weir.picker.PickRequest;
import io.weir.picker.PickResult;
import io.weir.picker.PickerSettings;
import io.weir.picker.PoolPicker;
import io.weir.picker.Reservation;
import io.weir.resource.InferencePool.AppProtocol;
import io.weir.resource.InferencePool.FailureMode;
import io.weir.resource.ObjectKey;
import io.weir.routing.Pool;
import io.weir.split.WeightedChoice;
import io.weir.telemetry.ExchangeRecord;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;

class PickerServiceTest {

    private static final ObjectKey POOL_KEY = new ObjectKey("", "InferencePool", "default", "p");
    private static final Endpoint FIRST = endpoint("10.0.0.1");
    private static final Endpoint SECOND = endpoint("10.0.0.2");

    private final List<Endpoint> ready = new ArrayList<>(List.of(FIRST, SECOND));
    private final List<PickRequest> asked = new ArrayList<>();
    private final List<Held> held = new ArrayList<>();
    private final List<ExchangeRecord> finished = new ArrayList<>();
    private @Nullable Pool pool = pool();
    private PickResult.@Nullable Refused refusal;
    private final ProxySide proxy =
            new ProxySide(new PickerService(new Target(), options(), finished::add));

    @AfterEach
    void close() {
        proxy.close();
    }

    private static Endpoint endpoint(String address) {
        return new Endpoint(address, address, address, 8000, Map.of());
    }

    private static Pool pool() {
        ObjectKey rewrite = new ObjectKey("", "InferenceModelRewrite", "default", "r");
        var rule =
                new ModelRewrites.Rule(rewrite, WeightedChoice.of(List.of("rewritten-model"), 1));
        return new Pool(
                POOL_KEY,
                List.of(FIRST, SECOND),
                AppProtocol.HTTP,
                FailureMode.FAIL_CLOSE,
                new ModelRewrites(Map.of("model-to-be-rewritten", rule), null),
                Map.of("important", 4),
                Map.of(),
                PickerSettings.DEFAULT);
    }

    private static PickerOptions options() {
        return new PickerOptions(
                1 << 20,
                2,
                false,
                false,
                ResponseBodies.NEEDED,
                Duration.ofMinutes(1),
                UsageAttributes.NONE,
                false,
                false);
    }

    /** Picks the first ready endpoint of the subset. */
    private final class Target implements PickerTarget, PoolPicker {
        @Override
        public @Nullable Pool pool() {
            return pool;
        }

        @Override
        public PoolPicker picker() {
            return this;
        }

        @Override
        public PickResult pick(PickRequest request) {
            asked.add(request);
            if (refusal != null) {
                return refusal;
            }
            Predicate<Endpoint> subset =
                    Objects.requireNonNullElse(request.subset(), (Endpoint _) -> true);
            List<Endpoint> candidates = ready.stream().filter(subset).toList();
            if (candidates.isEmpty()) {
                return new PickResult.Refused(PickResult.Reason.NO_ENDPOINTS, "none", 1);
            }
            Held reservation = new Held(new ArrayList<>(candidates));
            held.add(reservation);
            return new PickResult.Picked(reservation);
        }

        @Override
        public void update(List<Endpoint> endpoints, PickerSettings settings) {}

        @Override
        public List<EndpointSnapshot> endpoints() {
            return List.of();
        }
    }

    private static final class Held implements Reservation {
        private final List<Endpoint> left;
        private final List<End> ends = new ArrayList<>();
        private long tokens;
        private boolean firstByte;

        Held(List<Endpoint> left) {
            this.left = left;
        }

        @Override
        public Endpoint current() {
            return left.getFirst();
        }

        @Override
        public @Nullable Endpoint next() {
            left.removeFirst();
            return left.isEmpty() ? null : left.getFirst();
        }

        @Override
        public List<Endpoint> ordered(int most) {
            return List.copyOf(left.subList(0, Math.min(most, left.size())));
        }

        @Override
        public List<HeaderField> requestHeaders() {
            return List.of(new HeaderField("x-prefiller-host-port", "10.0.0.9:8000"));
        }

        @Override
        public List<HeaderField> responseHeaders() {
            return List.of(new HeaderField("x-session-token", "dG9rZW4="));
        }

        @Override
        public void firstByte() {
            firstByte = true;
        }

        @Override
        public void release(End end, long completionTokens) {
            ends.add(end);
            tokens = completionTokens;
        }
    }

    private static String completion(String model) {
        return "{\"max_tokens\":100,\"model\":\"" + model + "\",\"prompt\":\"test1\"}";
    }

    private static String bodyOf(ProcessingResponse reply) {
        return reply.getRequestBody()
                .getResponse()
                .getBodyMutation()
                .getStreamedResponse()
                .getBody()
                .toStringUtf8();
    }

    @Test
    void destinationGoesIntoHeaderAndMetadataAndTheBodyStaysAsItIs() throws Exception {
        // When
        proxy.chatHeaders("x-gateway-inference-objective", "important");
        proxy.requestBody(completion("m"), true);
        ProcessingResponse headers = proxy.reply();
        ProcessingResponse body = proxy.reply();

        // Then
        String destination = "10.0.0.1:8000,10.0.0.2:8000";
        HeaderMutation mutation = headers.getRequestHeaders().getResponse().getHeaderMutation();
        assertThat(ProxySide.set(mutation))
                .containsEntry("x-gateway-destination-endpoint", destination)
                .containsEntry("content-length", Integer.toString(completion("m").length()))
                .containsEntry("x-prefiller-host-port", "10.0.0.9:8000");
        assertThat(mutation.getRemoveHeadersList()).contains("x-gateway-inference-objective");
        assertThat(headers.getRequestHeaders().getResponse().getClearRouteCache()).isTrue();
        assertThat(
                        headers.getDynamicMetadata()
                                .getFieldsOrThrow("envoy.lb")
                                .getStructValue()
                                .getFieldsOrThrow("x-gateway-destination-endpoint")
                                .getStringValue())
                .isEqualTo(destination);
        assertThat(bodyOf(body)).isEqualTo(completion("m"));
        assertThat(asked.getFirst().priority()).isEqualTo(4);
        assertThat(asked.getFirst().maxTokens()).isEqualTo(100);
    }

    @Test
    void aRewriteRuleReplacesTheModelAndNothingElse() throws Exception {
        // When
        proxy.chatHeaders().requestBody("{\"model\":\"model-to", false);
        proxy.requestBody("-be-rewritten\",\"prompt\":\"x\", \"n\":1.0}", true);
        proxy.reply();

        // Then
        assertThat(bodyOf(proxy.reply()))
                .isEqualTo("{\"model\":\"rewritten-model\",\"prompt\":\"x\", \"n\":1.0}");
        assertThat(asked.getFirst().modelIsRewritten()).isTrue();
    }

    @Test
    void aHeaderOfATrustedHopNamesTheTargetModel() throws Exception {
        // When
        proxy.chatHeaders("x-gateway-model-name-rewrite", "lora-v2");
        proxy.requestBody(completion("lora"), true);
        proxy.reply();

        // Then
        assertThat(bodyOf(proxy.reply())).isEqualTo(completion("lora-v2"));
    }

    @Test
    void onlyOfferedEndpointsArePicked() throws Exception {
        // When
        proxy.subset("10.0.0.2:8000").chatHeaders().requestBody(completion("m"), true);

        // Then
        HeaderMutation mutation =
                proxy.reply().getRequestHeaders().getResponse().getHeaderMutation();
        assertThat(ProxySide.set(mutation))
                .containsEntry("x-gateway-destination-endpoint", "10.0.0.2:8000");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[fd00::2]:8000", "[fd00::2]", "fd00::2"})
    void addressesOfSixteenBytesAreOfferedAndNamedInBrackets(String offered) throws Exception {
        // Given
        ready.add(endpoint("fd00::2"));

        // When
        proxy.subset(offered).chatHeaders().requestBody(completion("m"), true);

        // Then
        HeaderMutation mutation =
                proxy.reply().getRequestHeaders().getResponse().getHeaderMutation();
        assertThat(ProxySide.set(mutation))
                .containsEntry("x-gateway-destination-endpoint", "[fd00::2]:8000");
    }

    @Test
    void anEmptyOfferIsA503WithTheReason() throws Exception {
        // When
        proxy.subset().chatHeaders().requestBody(completion("m"), true);

        // Then
        ImmediateResponse answer = proxy.reply().getImmediateResponse();
        assertThat(answer.getStatus().getCodeValue()).isEqualTo(503);
        assertThat(answer.getBody().toStringUtf8())
                .isEqualTo(
                        "inference error: ServiceUnavailable - failed to find endpoint candidates"
                                + " for serving the request");
        assertThat(ProxySide.set(answer.getHeaders()))
                .containsEntry("x-llm-d-request-dropped-reason", "rejected-no-endpoints")
                .containsEntry("retry-after", "1");
    }

    @Test
    void invalidJsonAndMissingModelsAreRefusedWith400() throws Exception {
        // When
        proxy.chatHeaders().requestBody("{\"prompt\":\"hello world\"}", true);
        ImmediateResponse answer = proxy.reply().getImmediateResponse();

        // Then
        assertThat(answer.getStatus().getCodeValue()).isEqualTo(400);
        assertThat(answer.getBody().toStringUtf8())
                .isEqualTo("inference error: BadRequest - model not found in request body");
        assertThat(proxy.hasEnded()).isTrue();
        assertThat(held).isEmpty();
    }

    @Test
    void aRequestWithoutABodyIsPickedAtOnce() throws Exception {
        // When
        proxy.requestHeaders(true, ":method", "GET", ":path", "/v1/models");

        // Then
        HeaderMutation mutation =
                proxy.reply().getRequestHeaders().getResponse().getHeaderMutation();
        assertThat(ProxySide.set(mutation)).containsKey("x-gateway-destination-endpoint");
    }

    @Test
    void inBufferedModeTheBodysAnswerCarriesTheDestination() throws Exception {
        // When
        proxy.mode(BodySendMode.BUFFERED).chatHeaders();
        ProcessingResponse first = proxy.reply();
        proxy.requestBody(completion("model-to-be-rewritten"), true);
        ProcessingResponse second = proxy.reply();

        // Then
        assertThat(first.getRequestHeaders().getResponse().hasHeaderMutation()).isFalse();
        var common = second.getRequestBody().getResponse();
        assertThat(ProxySide.set(common.getHeaderMutation()))
                .containsKey("x-gateway-destination-endpoint");
        assertThat(common.getBodyMutation().getBody().toStringUtf8())
                .isEqualTo(completion("rewritten-model"));
    }

    @Test
    void theAnswerSettlesTheReservationWithItsUsage() throws Exception {
        // Given
        proxy.chatHeaders().requestBody(completion("m"), true);

        // When
        proxy.responseHeaders(
                "10.0.0.2:8000", ":status", "200", "content-type", "text/event-stream");
        proxy.responseBody("data: {\"choices\":[]}\n\n", false);
        proxy.responseBody("data: {\"usage\":{\"prompt_tokens\":7,\"completion_to", false);
        proxy.responseBody("kens\":10,\"total_tokens\":17}}\n\ndata: [DONE]\n\n", true);

        // Then
        proxy.reply();
        proxy.reply();
        var head = proxy.reply().getResponseHeaders().getResponse();
        assertThat(ProxySide.set(head.getHeaderMutation()))
                .containsEntry("x-session-token", "dG9rZW4=");
        Held reservation = held.getFirst();
        assertThat(reservation.firstByte).isTrue();
        assertThat(reservation.current()).isEqualTo(SECOND);
        assertThat(reservation.ends).containsExactly(Reservation.End.COMPLETED);
        assertThat(reservation.tokens).isEqualTo(10);
        assertThat(finished).hasSize(1);
        assertThat(finished.getFirst().status).isEqualTo(200);
    }

    @Test
    void aStreamBeginsWithItsFirstPieceAndNotWithItsHead() throws Exception {
        // Given
        String streamed =
                "{\"model\":\"m\",\"stream\":true,\"stream_options\":{\"include_usage\":true}}";
        proxy.chatHeaders().requestBody(streamed, true);

        // When
        proxy.responseHeaders(
                "10.0.0.1:8000", ":status", "200", "content-type", "text/event-stream");
        boolean atTheHead = held.getFirst().firstByte;
        proxy.responseBody("data: {}\n\n", false);

        // Then
        assertThat(atTheHead).isFalse();
        assertThat(held.getFirst().firstByte).isTrue();
    }

    @Test
    void aStreamThatEndsEarlyReleasesTheReservation() throws Exception {
        // Given
        proxy.chatHeaders().requestBody(completion("m"), true);
        proxy.reply();

        // When
        proxy.endStream();

        // Then
        assertThat(proxy.hasEnded()).isTrue();
        assertThat(held.getFirst().ends).containsExactly(Reservation.End.CANCELLED);
    }

    @Test
    void aPoolThatIsNotKnownYetIsA503() throws Exception {
        // Given
        pool = null;

        // When
        proxy.chatHeaders().requestBody(completion("m"), true);

        // Then
        assertThat(proxy.reply().getImmediateResponse().getStatus().getCodeValue()).isEqualTo(503);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "NO_ENDPOINTS    , 503, inference error: ServiceUnavailable - , rejected-no-endpoints",
                "BAD_REQUEST     , 400, inference error: BadRequest - , -",
                "NOT_AVAILABLE   , 412, inference error: PreconditionFailed - , -",
                "MODEL_NOT_SERVED, 404, inference error: NotFound - , -",
                "SHED            , 429, inference error: ResourceExhausted - , rejected-saturated",
                "QUEUE_FULL      , 429, inference error: ResourceExhausted - , rejected-saturated",
                "EXPIRED         , 429, inference error: ResourceExhausted - , rejected-ttl-expired",
                "CANCELLED       , 503, inference error: ServiceUnavailable - , rejected-context-cancelled",
                "SHUTTING_DOWN   , 503, inference error: ServiceUnavailable - , rejected-shutting-down",
                "EVICTED         , 429, why, evicted"
            })
    void everyOutcomeHasItsStatusAndReason(
            PickResult.Reason outcome, int status, String text, @Nullable String reason)
            throws Exception {
        // Given
        refusal = new PickResult.Refused(outcome, "why", 0);

        // When
        proxy.chatHeaders().requestBody(completion("m"), true);

        // Then
        ImmediateResponse answer = proxy.reply().getImmediateResponse();
        assertThat(answer.getStatus().getCodeValue()).isEqualTo(status);
        assertThat(answer.getBody().toStringUtf8()).startsWith(text);
        assertThat(ProxySide.set(answer.getHeaders()).get("x-llm-d-request-dropped-reason"))
                .isEqualTo(reason);
    }

    @Test
    void weightsOfTargetsAreKept() throws Exception {
        // Given
        ObjectKey rewrite = new ObjectKey("", "InferenceModelRewrite", "default", "r");
        var targets = WeightedChoice.of(List.of("big", "small"), 70, 30);
        Pool weighted =
                new Pool(
                        POOL_KEY,
                        List.of(FIRST, SECOND),
                        AppProtocol.HTTP,
                        FailureMode.FAIL_CLOSE,
                        new ModelRewrites(Map.of(), new ModelRewrites.Rule(rewrite, targets)),
                        Map.of(),
                        Map.of(),
                        PickerSettings.DEFAULT);
        pool = weighted;
        PickerService service = new PickerService(new Target(), options(), finished::add);

        // When
        for (int i = 0; i < 100; i++) {
            try (ProxySide one = new ProxySide(service)) {
                one.chatHeaders().requestBody(completion("m"), true);
                one.reply();
            }
        }

        // Then
        assertThat(asked).filteredOn(request -> "big".equals(request.model())).hasSize(70);
        assertThat(asked).filteredOn(request -> "small".equals(request.model())).hasSize(30);
    }
}

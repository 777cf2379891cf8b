package io.weir.extproc.picker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.util.Objects.requireNonNull;

import io.envoyproxy.envoy.extensions.filters.http.ext_proc.v3.ProcessingMode.BodySendMode;
import io.envoyproxy.envoy.service.ext_proc.v3.ImmediateResponse;
import io.weir.extproc.testing.ProxySide;
import io.weir.extproc.testing.RegisteredTarget;
import io.weir.model.ModelRewrites;
import io.weir.picker.Endpoint;
import io.weir.picker.PickerSettings;
import io.weir.picker.pool.EndpointWatch;
import io.weir.picker.pool.PickerRegistry;
import io.weir.picker.pool.PoolSpec;
import io.weir.resource.InferencePool.AppProtocol;
import io.weir.resource.InferencePool.FailureMode;
import io.weir.resource.ObjectKey;
import io.weir.routing.Pool;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Requests that wait at the endpoint picker for others to be answered. */
class QueueTest {

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
                    - type: agent-identity
                    flowControl:
                      defaultRequestTTL: 300ms
                      saturationDetector: {pluginRef: concurrency-detector}
                      priorityBands:
                      - {priority: 0, maxRequests: 1}
                    """,
                    "test");
    private static final String BODY = "{\"model\":\"m\",\"prompt\":\"hello\"}";

    private final PickerRegistry registry = PickerRegistry.create(EndpointWatch.NONE);
    private final List<ProxySide> streams = new ArrayList<>();
    private final PickerService service =
            new PickerService(
                    new RegisteredTarget(pool(), registry), PickerOptions.DEFAULTS, _ -> {});

    QueueTest() {
        registry.apply(Map.of(POOL_KEY, new PoolSpec(List.of(ENDPOINT), ONE_AT_A_TIME)));
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
                Map.of(),
                Map.of(),
                ONE_AT_A_TIME);
    }

    private ProxySide stream() {
        ProxySide stream = new ProxySide(service);
        streams.add(stream);
        return stream;
    }

    @Test
    void theSecondRequestIsAnsweredWhenTheFirstOneEnds() throws Exception {
        ProxySide first = stream().chatHeaders().requestBody(BODY, true);
        first.reply();
        first.reply();
        ProxySide second = stream().chatHeaders().requestBody(BODY, true).requestTrailers();
        assertThat(second.isSilent()).isTrue();

        first.responseHeaders("10.0.0.1:8000", ":status", "200");
        first.responseBody("{}", true);

        var head = second.reply().getRequestHeaders().getResponse().getHeaderMutation();
        assertThat(ProxySide.set(head))
                .containsEntry("x-gateway-destination-endpoint", "10.0.0.1:8000");
        assertThat(second.reply().hasRequestBody()).isTrue();
        assertThat(second.reply().hasRequestTrailers()).isTrue();
    }

    @Test
    void repliesKeepTheirOrderWhenTheBodyComesDuringTheWait() throws Exception {
        ProxySide first = stream().chatHeaders().requestBody(BODY, true);
        ProxySide second = stream().mode(BodySendMode.STREAMED).chatHeaders();
        second.requestBody("{", false).requestBody("}", true);
        assertThat(second.isSilent()).isTrue();

        first.endStream();

        assertThat(second.reply().hasRequestHeaders()).isTrue();
        assertThat(second.reply().hasRequestBody()).isTrue();
        assertThat(second.reply().hasRequestBody()).isTrue();
    }

    @Test
    void aWaitThatIsTooLongIsA429WithTheReason() throws Exception {
        stream().chatHeaders().requestBody(BODY, true);
        ProxySide second = stream().chatHeaders().requestBody(BODY, true);

        ImmediateResponse answer = second.reply().getImmediateResponse();

        assertThat(answer.getStatus().getCodeValue()).isEqualTo(429);
        assertThat(answer.getBody().toStringUtf8())
                .isEqualTo("inference error: ResourceExhausted - request timed out in queue");
        assertThat(ProxySide.set(answer.getHeaders()))
                .containsEntry("x-llm-d-request-dropped-reason", "rejected-ttl-expired")
                .containsKey("retry-after");
    }

    @Test
    void aFullQueueIsA429AtOnce() throws Exception {
        stream().chatHeaders().requestBody(BODY, true);
        stream().chatHeaders().requestBody(BODY, true);
        ProxySide third = stream().chatHeaders().requestBody(BODY, true);

        ImmediateResponse answer = third.reply().getImmediateResponse();

        assertThat(answer.getStatus().getCodeValue()).isEqualTo(429);
        assertThat(ProxySide.set(answer.getHeaders()))
                .containsEntry("x-llm-d-request-dropped-reason", "rejected-saturated");
    }

    @Test
    void aStreamThatEndsDuringTheWaitFreesItsPlace() throws Exception {
        ProxySide first = stream().chatHeaders().requestBody(BODY, true);
        ProxySide second = stream().chatHeaders().requestBody(BODY, true);
        second.endStream();
        await().until(() -> requireNonNull(registry.flows().get(POOL_KEY)).total().requests() == 0);
        ProxySide third = stream().chatHeaders().requestBody(BODY, true);
        assertThat(third.isSilent()).isTrue();

        first.endStream();

        assertThat(third.reply().hasRequestHeaders()).isTrue();
        assertThat(second.isSilent()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "x-any, x, x-any, x, default-flow",
        "session-id, agent, x-any, x, agent",
        "x-claude-code-session-id, first, session-id, second, first",
        "session-id, agent, x-gateway-inference-fairness-id, team, team",
        "x-llm-d-inference-fairness-id, new, x-gateway-inference-fairness-id, old, new"
    })
    void aRequestWaitsInTheFlowOfWhoeverItNames(
            String name, String value, String otherName, String otherValue, String flow) {
        stream().chatHeaders().requestBody(BODY, true);

        stream().chatHeaders(name, value, otherName, otherValue).requestBody(BODY, true);

        assertThat(requireNonNull(registry.flows().get(POOL_KEY)).bands())
                .flatMap(band -> band.flows())
                .filteredOn(waiting -> waiting.requests() > 0)
                .extracting(waiting -> waiting.fairnessId())
                .containsExactly(flow);
    }
}

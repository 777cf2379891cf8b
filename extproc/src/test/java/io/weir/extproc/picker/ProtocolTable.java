package io.weir.extproc.picker;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Value;

import io.envoyproxy.envoy.service.ext_proc.v3.CommonResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.ImmediateResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.weir.extproc.testing.ProxySide;
import io.weir.picker.PickerSettings;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.List;

/** What the tables of the protocol share: servers, cases, and what is said often. */
final class ProtocolTable {

    private static final String HEAD =
            """
            apiVersion: inference.networking.x-k8s.io/v1alpha1
            kind: EndpointPickerConfig
            """;

    private static final String SCORERS =
            HEAD
                    + """
                    plugins:
                    - type: queue-scorer
                    - type: kv-cache-utilization-scorer
                    - type: prefix-cache-scorer
                    - type: lora-affinity-scorer
                    schedulingProfiles:
                    - name: default
                      plugins:
                      - {pluginRef: queue-scorer, weight: 1}
                      - {pluginRef: kv-cache-utilization-scorer, weight: 1}
                      - {pluginRef: prefix-cache-scorer, weight: 1}
                      - {pluginRef: lora-affinity-scorer, weight: 1}
                    """;

    private static final String ATTRIBUTES =
            """
            plugins:
            - type: request-attribute-reporter
              parameters:
                attributes:
                - key: {namespace: envoy.lb, name: x-gateway-inference-request-cost}
                  expression: usage.completion_tokens
                  condition: has(usage.completion_tokens)
            """;

    record Pod(int waiting, double kvCache, String role, List<String> adapters) {

        /** The same server in a role. */
        Pod as(String newRole) {
            return new Pod(waiting, kvCache, newRole, adapters);
        }
    }

    interface Talk {
        void with(ProxySide proxy, PickerRig rig) throws Exception;
    }

    /**
     * How the picker is set up.
     *
     * @param generic target of requests that no rule names; null for none
     */
    record Setup(
            String config,
            int fallbacks,
            boolean ignoresOffers,
            boolean tellsScores,
            @Nullable String generic,
            boolean openAiErrors) {

        static final Setup USUAL = new Setup(SCORERS, 1, false, false, null, false);

        Setup config(String text) {
            return new Setup(
                    HEAD + text, fallbacks, ignoresOffers, tellsScores, generic, openAiErrors);
        }

        Setup fallbacks(int most) {
            return new Setup(config, most, ignoresOffers, tellsScores, generic, openAiErrors);
        }

        Setup ignoringOffers() {
            return new Setup(config, fallbacks, true, tellsScores, generic, openAiErrors);
        }

        Setup tellingScores() {
            return new Setup(config, fallbacks, ignoresOffers, true, generic, openAiErrors);
        }

        Setup generic(String target) {
            return new Setup(config, fallbacks, ignoresOffers, tellsScores, target, openAiErrors);
        }

        Setup openAi() {
            return new Setup(config, fallbacks, ignoresOffers, tellsScores, generic, true);
        }

        private PickerOptions options() {
            PickerOptions defaults = PickerOptions.DEFAULTS;
            return new PickerOptions(
                    1 << 20,
                    fallbacks,
                    ignoresOffers,
                    openAiErrors,
                    defaults.responseBodies(),
                    defaults.idleTimeout(),
                    UsageAttributes.of(new PickerSettings(ATTRIBUTES, "test")),
                    tellsScores,
                    ServedVerifier.isAskedFor(new PickerSettings(config, "test")));
        }
    }

    /** One case: servers, and what is said. */
    record Row(String name, List<Pod> pods, Setup setup, Talk talk) {

        /** Says it, to a picker with these servers. */
        void hold() throws Exception {
            try (PickerRig rig = rig(this);
                    ProxySide proxy = rig.open()) {
                talk.with(proxy, rig);
            }
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Pod pod(int waiting, double kvCache, String... adapters) {
        return new Pod(waiting, kvCache, "", List.of(adapters));
    }

    static Row row(String name, List<Pod> pods, Talk talk) {
        return new Row(name, pods, Setup.USUAL, talk);
    }

    static Row row(String name, List<Pod> pods, Setup setup, Talk talk) {
        return new Row(name, pods, setup, talk);
    }

    static final List<Pod> ONE = List.of(pod(0, 0));
    static final List<Pod> NONE = List.of();

    static final String NO_CANDIDATES =
            "inference error: ServiceUnavailable - failed to find endpoint candidates for serving"
                    + " the request";

    static final String USAGE =
            "data: {\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":10,\"total_tokens\":17}}\n\n";

    static void asked(ProxySide proxy, String destination) throws Exception {
        proxy.chatHeaders().requestBody(completion("m"), true);
        destination(proxy.reply(), destination);
    }

    static void asked(ProxySide proxy, PickerRig rig) throws Exception {
        destination(proxy.reply(), rig.address(1));
    }

    /** Goes through the request, and through the answer's headers. */
    static void answering(ProxySide proxy, PickerRig rig, String type, String model)
            throws Exception {
        proxy.chatHeaders();
        proxy.requestBody(
                "{\"model\":\""
                        + model
                        + "\",\"stream\":true,\"stream_options\":{\"include_usage\":true}}",
                true);
        proxy.reply();
        proxy.requestBodyReplies();
        proxy.responseHeaders(rig.address(1), ":status", "200", "content-type", type);
        CommonResponse headers = proxy.reply().getResponseHeaders().getResponse();
        assertThat(ProxySide.set(headers.getHeaderMutation()))
                .containsEntry("x-went-into-resp-headers", "true");
    }

    static double cost(ProcessingResponse reply) {
        return reply.getDynamicMetadata()
                .getFieldsOrThrow("envoy.lb")
                .getStructValue()
                .getFieldsOrThrow("x-gateway-inference-request-cost")
                .getNumberValue();
    }

    static PickerRig rig(Row row) throws IOException {
        Setup setup = row.setup;
        PickerRig rig = PickerRig.start(setup.options());
        for (Pod pod : row.pods) {
            rig.pod(pod.waiting, pod.kvCache, pod.role, pod.adapters.toArray(String[]::new));
        }
        return rig.generic(setup.generic).ready(setup.config);
    }

    static String completion(String model) {
        return "{\"max_tokens\":100,\"model\":\""
                + model
                + "\",\"prompt\":\"test1\",\"temperature\":0}";
    }

    /** Header and metadata say the same. */
    static CommonResponse destination(ProcessingResponse reply, String expected) {
        assertThat(reply.hasRequestHeaders()).as(reply.toString()).isTrue();
        CommonResponse headers = reply.getRequestHeaders().getResponse();
        assertThat(headers.getClearRouteCache()).isTrue();
        assertThat(ProxySide.set(headers.getHeaderMutation()))
                .containsEntry("x-gateway-destination-endpoint", expected);
        Value value =
                reply.getDynamicMetadata()
                        .getFieldsOrThrow("envoy.lb")
                        .getStructValue()
                        .getFieldsOrThrow("x-gateway-destination-endpoint");
        assertThat(value.getStringValue()).isEqualTo(expected);
        return headers;
    }

    static ImmediateResponse refused(ProxySide proxy, int status, String text)
            throws InterruptedException {
        ProcessingResponse reply = proxy.reply();
        assertThat(reply.hasImmediateResponse()).as(reply.toString()).isTrue();
        ImmediateResponse answer = reply.getImmediateResponse();
        assertThat(answer.getStatus().getCodeValue()).isEqualTo(status);
        assertThat(answer.getBody().toStringUtf8()).isEqualTo(text);
        assertThat(proxy.hasEnded()).isTrue();
        return answer;
    }

    private ProtocolTable() {}
}

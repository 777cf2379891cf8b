package io.weir.app.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.resource.Problem;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

class CheckerTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tour",
                "canary",
                "fallback",
                "model-rewrite",
                "real-servers",
                "replace-a-pool",
                "several-pools",
                "several-pools-policy"
            })
    void everyExampleIsFine(String example) throws IOException {
        CheckReport report =
                Checker.check(
                        List.of(Path.of("..", "examples", example).toString()),
                        InputStream.nullInputStream());

        assertThat(report.problems()).isEmpty();
        assertThat(report.summary()).contains("0 errors, 0 warnings");
    }

    @ParameterizedTest
    @ValueSource(strings = {"envoy-gateway", "gke", "istio", "kgateway"})
    void manifestsForOtherGatewaysHaveNoMistakes(String gateway) throws IOException {
        List<String> files =
                Stream.of("pool", "body-router", "route", gateway)
                        .map(name -> Path.of("..", "examples", "drop-in", name + ".yaml"))
                        .map(Path::toString)
                        .toList();

        CheckReport report = Checker.check(files, InputStream.nullInputStream());

        assertThat(report.summary()).contains("0 errors");
    }

    @Test
    void rulesWrittenAsAMapAreExplainedWithTheFix() throws IOException {
        CheckReport report =
                checkText(
                        """
                        apiVersion: gateway.networking.k8s.io/v1
                        kind: HTTPRoute
                        metadata:
                          name: llm-route
                        spec:
                          parentRefs:
                          - group: gateway.networking.k8s.io
                            kind: Gateway
                            name: inference-gateway
                          rules:
                            backendRefs:
                            - group: inference.networking.x-k8s.io
                              kind: InferencePool
                              name: llm-pool-v1
                              weight: 90
                        """);

        assertThat(report.errors()).isEqualTo(1);
        assertThat(report.problems().getFirst().toString())
                .startsWith("standard input:1")
                .contains("HTTPRoute default/llm-route spec.rules: ")
                .contains("- backendRefs");
    }

    @Test
    void referencesToNothingAreReported() throws IOException {
        CheckReport report =
                checkText(
                        """
                        apiVersion: gateway.networking.k8s.io/v1
                        kind: Gateway
                        metadata: {name: gw}
                        spec:
                          gatewayClassName: any
                          listeners: [{name: http, port: 80, protocol: HTTP}]
                        ---
                        apiVersion: gateway.networking.k8s.io/v1
                        kind: HTTPRoute
                        metadata: {name: route}
                        spec:
                          parentRefs: [{name: gw}]
                          rules:
                          - backendRefs:
                            - {group: inference.networking.k8s.io, kind: InferencePool, name: gone}
                        """);

        assertThat(report.problems())
                .extracting(Problem::toString)
                .anySatisfy(problem ->
                        assertThat(problem)
                                .contains("standard input:15")
                                .contains("HTTPRoute default/route spec.rules[0]")
                                .contains("gone"));
    }

    @Test
    void aPoolThatAimsAtAnotherPortThanItsServersListenOnIsReported() throws IOException {
        CheckReport report =
                checkText(
                        """
                        apiVersion: inference.networking.k8s.io/v1
                        kind: InferencePool
                        metadata: {name: pool}
                        spec:
                          selector: {matchLabels: {app: a}}
                          targetPorts: [{number: 9000}]
                          endpointPickerRef: {name: epp, port: {number: 9002}}
                        ---
                        apiVersion: apps/v1
                        kind: Deployment
                        metadata: {name: servers}
                        spec:
                          selector: {matchLabels: {app: a}}
                          template:
                            metadata: {labels: {app: a}}
                            spec:
                              containers:
                              - name: vllm
                                image: ghcr.io/llm-d/llm-d-inference-sim:v0.8.2
                                args: [--model, m, --port, "8000"]
                        """);

        assertThat(report.problems())
                .extracting(Problem::toString)
                .anySatisfy(problem ->
                        assertThat(problem)
                                .contains("InferencePool default/pool spec.targetPorts")
                                .contains("9000 (expected: 8000"));
    }

    @Test
    void objectsOfOtherKindsAreNamedInTheSummary() throws IOException {
        CheckReport report =
                checkText(
                        """
                        apiVersion: rbac.authorization.k8s.io/v1
                        kind: ClusterRole
                        metadata: {name: pod-read}
                        """);

        assertThat(report.summary())
                .isEqualTo(
                        "0 objects fine, 0 errors, 0 warnings; not read by Weir: ClusterRole"
                                + " pod-read");
    }

    @Test
    void anObjectWithAnErrorIsNotCountedAsFine() throws IOException {
        CheckReport report =
                checkText(
                        """
                        apiVersion: inference.networking.x-k8s.io/v1alpha2
                        kind: InferenceModel
                        metadata: {name: food-review}
                        spec:
                          modelName: food-review
                          poolRef: {name: nowhere}
                        """);

        assertThat(report.summary()).startsWith("0 objects fine, 1 error");
    }

    @Test
    void anEmptyInputIsRemarkedUpon() throws IOException {
        CheckReport report = checkText("# nothing yet\n");

        assertThat(report.errors()).isZero();
        assertThat(report.problems())
                .singleElement()
                .asString()
                .contains("warning: no objects (expected: at least one)");
    }

    @Test
    void objectsPastedTogetherWithoutAMarkerAreToldApart() throws IOException {
        String object =
                """
                apiVersion: v1
                kind: Namespace
                metadata: {name: a}
                """;

        assertThat(checkText(object + object).problems())
                .anySatisfy(problem ->
                        assertThat(problem.toString())
                                .contains("kind: given twice, first on line 2")
                                .contains("a line --- goes between two objects"));
    }

    private static CheckReport checkText(String text) throws IOException {
        return Checker.check(
                List.of("-"), new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }
}

package io.weir.app.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.app.external.TestPicker;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/** Pools whose picker runs elsewhere, or only seems to. */
class ExternalPickerTest {

    private static final int REQUESTS = 20;
    private static final Duration SECOND = Duration.ofSeconds(1);

    @TempDir Path folder;

    @ParameterizedTest
    @CsvSource({"FailOpen,200,opened", "FailClose,503,refused"})
    void aPickerThatRunsIsAskedUntilItDiesAndWhenItIsBack(
            String failureMode, int withoutPicker, String effect) throws Exception {
        TestPicker picker = TestPicker.start(0);
        write(failureMode, picker.port(), "");
        try (WeirRunner weir = WeirRunner.up("-f", folder.toString())) {
            assertThat(weir.program().summary().lines())
                    .anyMatch(line ->
                            line.endsWith("the picker at Service default/epp port 9002 is asked"));
            Set<String> pods = new HashSet<>();
            for (int i = 0; i < REQUESTS; i++) {
                Answer answer = weir.completion("m");
                assertThat(answer.status()).as(answer.body()).isEqualTo(200);
                pods.add(answer.pod());
            }
            assertThat(pods).hasSize(1);
            assertThat(picker.picked()).hasSize(REQUESTS).isEqualTo(picker.served());

            picker.close();
            int quick = 0;
            for (int i = 0; i < REQUESTS; i++) {
                long start = System.nanoTime();
                assertThat(weir.completion("m").status()).isEqualTo(withoutPicker);
                quick += System.nanoTime() - start < SECOND.toNanos() ? 1 : 0;
            }
            assertThat(quick).isGreaterThan(REQUESTS / 2);
            assertThat(failures(weir, effect)).isEqualTo(REQUESTS);

            try (TestPicker again = TestPicker.start(picker.port())) {
                await().atMost(Duration.ofSeconds(5))
                        .until(() -> weir.completion("m").status() == 200 && again.requests() > 0);
            }
        }
    }

    private static double failures(WeirRunner weir, String effect) {
        return weir.admin("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("weir_picker_failures_total{"))
                .filter(line -> line.contains("effect=\"" + effect + "\""))
                .filter(line -> line.contains("pool=\"p\""))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf("} ") + 2)))
                .sum();
    }

    @Test
    void theFlagAndTheAnnotationChooseTheBuiltInOne() throws Exception {
        try (TestPicker picker = TestPicker.start(0)) {
            write("FailClose", picker.port(), "");
            try (WeirRunner weir = WeirRunner.up("-f", folder.toString(), "--pickers", "builtin")) {
                assertThat(weir.completion("m").status()).isEqualTo(200);
            }
            write("FailClose", picker.port(), ", annotations: {weir.dev/picker: builtin}");
            try (WeirRunner weir = WeirRunner.up("-f", folder.toString())) {
                assertThat(weir.completion("m").status()).isEqualTo(200);
                assertThat(weir.admin("/config").body()).contains("\"picker\" : \"builtin\"");
            }
            assertThat(picker.requests()).isZero();
        }
    }

    @Test
    void anImageThatDoesNotRunHereIsStoodInForAndTheSummarySaysSo() throws Exception {
        write("FailClose", 1, "");
        Files.writeString(
                folder.resolve("picker.yaml"),
                """
                apiVersion: v1
                kind: Service
                metadata: {name: epp}
                spec: {selector: {app: epp}, ports: [{port: 9002}]}
                ---
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: epp}
                spec:
                  selector: {matchLabels: {app: epp}}
                  template:
                    metadata: {labels: {app: epp}}
                    spec:
                      containers:
                      - {name: epp, image: "registry.k8s.io/gateway-api-inference-extension/epp:v1.4.0"}
                """);
        try (WeirRunner weir = WeirRunner.up("-f", folder.toString())) {
            assertThat(weir.completion("m").status()).isEqualTo(200);
            assertThat(weir.program().summary().lines())
                    .anyMatch(line ->
                            line.endsWith(
                                    "the built-in picker is used, in place of Service"
                                            + " default/epp, whose image does not run"
                                            + " here"));
        }
    }

    private void write(String failureMode, int pickerPort, String annotations) throws IOException {
        Files.writeString(
                folder.resolve("gateway.yaml"),
                """
                apiVersion: gateway.networking.k8s.io/v1
                kind: Gateway
                metadata: {name: gw}
                spec:
                  gatewayClassName: weir
                  listeners: [{name: http, port: 80, protocol: HTTP}]
                ---
                apiVersion: gateway.networking.k8s.io/v1
                kind: HTTPRoute
                metadata: {name: r}
                spec:
                  parentRefs: [{name: gw}]
                  rules:
                  - backendRefs: [{group: inference.networking.k8s.io, kind: InferencePool, name: p}]
                ---
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: sim}
                spec:
                  replicas: 3
                  selector: {matchLabels: {app: sim}}
                  template:
                    metadata: {labels: {app: sim}}
                    spec:
                      containers:
                      - name: vllm
                        image: ghcr.io/llm-d/llm-d-inference-sim:v0.8.2
                        args: [--model, m, --port, "8000", --time-to-first-token, "0", --inter-token-latency, "0"]
                        ports: [{containerPort: 8000}]
                ---
                apiVersion: inference.networking.k8s.io/v1
                kind: InferencePool
                metadata: {name: p%s}
                spec:
                  selector: {matchLabels: {app: sim}}
                  targetPorts: [{number: 8000}]
                  endpointPickerRef: {name: epp, port: {number: 9002}, failureMode: %s}
                """
                        .formatted(annotations, failureMode));
        Files.writeString(
                folder.resolve("picker.yaml"),
                """
                apiVersion: v1
                kind: Service
                metadata: {name: epp}
                spec: {ports: [{port: 9002}]}
                ---
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata: {name: epp-1, labels: {kubernetes.io/service-name: epp}}
                addressType: IPv4
                endpoints: [{addresses: [127.0.0.1]}]
                ports: [{port: %d}]
                """
                        .formatted(pickerPort));
    }
}

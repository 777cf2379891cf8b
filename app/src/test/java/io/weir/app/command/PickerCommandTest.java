package io.weir.app.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.app.CommandFailure;
import io.weir.app.picker.PickerRun;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class PickerCommandTest {

    private static final String HEAD =
            """
            apiVersion: llm-d.ai/v1alpha1
            kind: EndpointPickerConfig
            """;

    @TempDir private Path folder;

    @Test
    void theConfigurationMayNameTheFileOfTheEndpoints() throws Exception {
        // When
        PickerRun run =
                run(
                        """
                        plugins:
                        - type: file-discovery
                          parameters: {path: /etc/epp/endpoints.yaml}
                        dataLayer: {discovery: {pluginRef: file-discovery}}
                        """);

        // Then
        assertThat(run.endpointsFiles()).containsExactly(Path.of("/etc/epp/endpoints.yaml"));
        assertThat(run.pool().described()).isNotNull();
    }

    @Test
    void theConfigurationSaysHowManyEndpointsAreTold() throws Exception {
        String three = "plugins: [{type: max-score-picker, parameters: {maxNumOfEndpoints: 3}}]";
        assertThat(run(three).requests().fallbacks()).isEqualTo(3);
        assertThat(run("plugins: []").requests().fallbacks()).isEqualTo(1);
    }

    @Test
    void theFlagGoesBeforeTheConfiguration() throws Exception {
        String three = "plugins: [{type: max-score-picker, parameters: {maxNumOfEndpoints: 3}}]";
        assertThat(run(three, "--fallbacks", "2").requests().fallbacks()).isEqualTo(2);
    }

    /** The names are the reference's, of this release and of those before. */
    @Test
    void everyFlagOfTheReferenceIsTaken() throws Exception {
        PickerRun run =
                PickerArguments.parse(
                        "--pool-name=llm",
                        "--pool-namespace=default",
                        "--pool-group=inference.networking.x-k8s.io",
                        "--grpc-port=9002",
                        "--grpc-health-port=9003",
                        "--metrics-port=9090",
                        "--ha-enable-leader-election",
                        "--drain-timeout=30s",
                        "--disable-endpoint-subset-filter=false",
                        "--emit-endpoint-scores=false",
                        "--allow-experimental-plugins",
                        "--grpc-max-recv-msg-size=4194304",
                        "--grpc-max-send-msg-size=4194304",
                        "--refresh-metrics-interval=50ms",
                        "--refresh-prometheus-metrics-interval=5s",
                        "--metrics-staleness-threshold=2s",
                        "--model-server-metrics-scheme=http",
                        "--model-server-metrics-path=/metrics",
                        "--model-server-metrics-port=8000",
                        "--model-server-metrics-https-insecure-skip-verify=true",
                        "--tracing=false",
                        "--health-checking=false",
                        "--enable-pprof=true",
                        "--secure-serving=true",
                        "--enable-cert-reload=false",
                        "--tls-min-version=VersionTLS12",
                        "--tls-cipher-suites=TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
                        "--metrics-endpoint-auth=true",
                        "--metrics-client-ca-file=ca.crt",
                        "--metrics-cert-dir=certs",
                        "--enable-grpc-stream-metrics=true",
                        "--zap-log-level=info",
                        "--zap-encoder=json",
                        "--zap-devel=false",
                        "--zap-stacktrace-level=error",
                        "--zap-time-encoding=iso8601",
                        "-v=2");
        assertThat(run.pool().name()).isEqualTo("llm");
    }

    @Test
    void aMistakeIsToldWithFileAndLine() throws Exception {
        Path file = Files.writeString(folder.resolve("wrong.yaml"), HEAD + "plugin: []\n");
        assertThatThrownBy(() -> run(file))
                .isInstanceOf(CommandFailure.class)
                .hasMessageStartingWith(file + ":3: plugin: unknown field (expected: one of ");
    }

    @Test
    void whatIsNoTextIsRefused() throws Exception {
        Path file = Files.write(folder.resolve("binary"), new byte[] {(byte) 0xff, 0, 1});
        assertThatThrownBy(() -> run(file))
                .isInstanceOf(CommandFailure.class)
                .hasMessageStartingWith(file + ":1: not UTF-8");
    }

    private static PickerRun run(Path file) throws CommandFailure {
        return PickerArguments.parse("--pool-name", "llm", "--config-file", file.toString());
    }

    private PickerRun run(String config, String... more) throws CommandFailure, IOException {
        Path file = Files.writeString(folder.resolve("config.yaml"), HEAD + config);
        String[] args = new String[4 + more.length];
        args[0] = "--pool-name";
        args[1] = "llm";
        args[2] = "--config-file";
        args[3] = file.toString();
        System.arraycopy(more, 0, args, 4, more.length);
        return PickerArguments.parse(args);
    }
}

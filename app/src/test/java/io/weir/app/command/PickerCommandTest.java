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

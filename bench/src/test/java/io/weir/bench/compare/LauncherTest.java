package io.weir.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.bench.BenchCommand;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import picocli.CommandLine;
import picocli.CommandLine.ExitCode;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;

class LauncherTest {

    private final StringWriter errors = new StringWriter();
    private final CommandLine bench =
            new CommandLine(new BenchCommand()).setErr(new PrintWriter(errors));

    @ParameterizedTest
    @ValueSource(strings = {"/no/such/weir", "/tmp"})
    void aLauncherThatIsNoProgramIsNamedBeforeAnythingStarts(String file) {
        // When
        int code = bench.execute("picker", "--direct", "--launcher", file);

        // Then
        assertThat(code).isEqualTo(ExitCode.USAGE);
        assertThat(errors.toString())
                .startsWith("--launcher: " + file + " is no program (expected: a weir launcher)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/no/such/envoy", "/tmp"})
    void anEnvoyThatIsNoProgramIsNamedBeforeAnythingStarts(String file) {
        // When
        int code = bench.execute("picker", "--launcher", anyProgram(), "--envoy", file);

        // Then
        assertThat(code).isEqualTo(ExitCode.USAGE);
        assertThat(errors.toString())
                .startsWith("--envoy: " + file + " is no program (expected: an Envoy)");
    }

    @Test
    void anEnvoyThatIsNotOnThePathIsNamedToo() {
        int code = bench.execute("picker", "--launcher", anyProgram(), "--envoy", "no-such-envoy");

        assertThat(code).isEqualTo(ExitCode.USAGE);
        assertThat(errors.toString()).startsWith("--envoy: ").contains("/no-such-envoy is no");
    }

    private static String anyProgram() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }
}

package io.weir.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.bench.BenchCommand;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import picocli.CommandLine;
import picocli.CommandLine.ExitCode;

import java.io.PrintWriter;
import java.io.StringWriter;

class LauncherTest {

    @ParameterizedTest
    @ValueSource(strings = {"/no/such/weir", "/tmp"})
    void aLauncherThatIsNoProgramIsNamedBeforeAnythingStarts(String file) {
        // Given
        StringWriter errors = new StringWriter();
        CommandLine bench = new CommandLine(new BenchCommand()).setErr(new PrintWriter(errors));

        // When
        int code = bench.execute("picker", "--direct", "--launcher", file);

        // Then
        assertThat(code).isEqualTo(ExitCode.USAGE);
        assertThat(errors.toString())
                .startsWith("--launcher: " + file + " is no program (expected: a weir launcher)");
    }
}

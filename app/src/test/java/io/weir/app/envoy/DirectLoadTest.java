package io.weir.app.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.app.command.PickerArguments;
import io.weir.app.picker.PickerProgram;
import io.weir.bench.extproc.DirectLoad;
import io.weir.bench.extproc.DirectPlan;
import io.weir.bench.extproc.DirectReport;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;

/** The benchmark that plays Envoy to the picker. */
class DirectLoadTest {

    private static final int CHUNKS = 10;
    private static final int STREAMS = 2;

    @TempDir Path folder;

    private ModelServers servers;

    @SuppressWarnings("NullAway.Init")
    DirectLoadTest() {}

    @BeforeEach
    void start() throws Exception {
        servers = ModelServers.start(folder, "llm", 1, "--model", "llm");
    }

    @AfterEach
    void stop() {
        servers.close();
    }

    private PickerProgram picker(boolean tls) throws Exception {
        return PickerProgram.start(
                PickerArguments.parse(
                        "--pool-name=llm",
                        "--endpoints-file=" + servers.file(),
                        "--grpc-port=0",
                        "--grpc-health-port=0",
                        "--metrics-port=0",
                        "--secure-serving=" + tls));
    }

    private static DirectReport run(
            PickerProgram picker, boolean tls, String model, int promptBytes, int chunks) {
        DirectPlan plan =
                new DirectPlan(
                        new InetSocketAddress(
                                InetAddress.getLoopbackAddress(), picker.serving().grpcPort()),
                        tls,
                        model,
                        2,
                        STREAMS,
                        0,
                        promptBytes,
                        chunks,
                        Duration.ofMillis(1),
                        Duration.ofMillis(100),
                        Duration.ofSeconds(3));
        return DirectLoad.run(plan, () -> {});
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void getsEveryPieceBack(boolean tls) throws Exception {
        try (PickerProgram picker = picker(tls)) {
            DirectReport report = run(picker, tls, "llm", 70_000, CHUNKS);

            assertThat(report.failures()).isEmpty();
            assertThat(report.requests()).isPositive();
            assertThat(report.chunks())
                    .isGreaterThanOrEqualTo((report.requests() - STREAMS) * CHUNKS);
            assertThat(report.pickMicros(99)).isGreaterThanOrEqualTo(report.pickMicros(50));
        }
    }

    @Test
    void countsRefusalsAsFailures() throws Exception {
        try (PickerProgram picker = picker(false)) {
            DirectReport report = run(picker, false, "unknown", 100, 1);

            assertThat(report.failures()).containsKey("status NotFound");
            assertThat(report.requests()).isZero();
        }
    }
}

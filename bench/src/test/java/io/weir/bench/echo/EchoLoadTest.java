package io.weir.bench.echo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.bench.load.Latencies;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

class EchoLoadTest {

    private static final InetSocketAddress ANY =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    @Test
    void everyMessageAfterTheWarmUpComesBackAndIsTimed() throws IOException {
        try (EchoServer server = EchoServer.listen(ANY)) {
            Thread.ofPlatform().daemon().start(server::serve);
            AtomicInteger begun = new AtomicInteger();

            Latencies roundTrips =
                    EchoLoad.run(
                            plan(server.address(), 200, 70_000, 100, 400), begun::incrementAndGet);

            assertThat(begun).hasValue(1);
            // 80 are due after the warm-up; a late thread may still send those due before.
            assertThat(roundTrips.count()).isBetween(80L, 100L);
            assertThat(roundTrips.micros(0)).isPositive();
            assertThat(roundTrips.micros(99)).isGreaterThanOrEqualTo(roundTrips.micros(50));
        }
    }

    @Test
    void saysWhereItFoundNoEcho() throws IOException {
        InetSocketAddress closed;
        try (EchoServer server = EchoServer.listen(ANY)) {
            closed = server.address();
        }

        assertThatThrownBy(() -> EchoLoad.run(plan(closed, 10, 100, 0, 100), () -> {}))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining(closed.toString());
    }

    @Test
    void refusesMessagesTooShortToHoldATime() {
        assertThatThrownBy(() -> plan(ANY, 10, 7, 0, 100))
                .hasMessage("messageBytes: 7 (expected: >= 8)");
    }

    private static EchoPlan plan(
            InetSocketAddress target, double rate, int bytes, int warmupMillis, int millis) {
        return new EchoPlan(
                target, rate, bytes, Duration.ofMillis(warmupMillis), Duration.ofMillis(millis));
    }
}

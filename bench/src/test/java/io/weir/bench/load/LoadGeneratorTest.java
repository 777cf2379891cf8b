package io.weir.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

class LoadGeneratorTest {

    private final AtomicInteger served = new AtomicInteger();
    private HttpServer server;

    @BeforeEach
    void startServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext(
                "/",
                exchange -> {
                    int number = served.incrementAndGet();
                    exchange.getRequestBody().readAllBytes();
                    byte[] answer = "{}".getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(number % 10 == 0 ? 503 : 200, answer.length);
                    exchange.getResponseBody().write(answer);
                    exchange.close();
                });
        server.start();
    }

    @AfterEach
    void stopServer() {
        server.stop(0);
    }

    @Test
    void aClosedLoopCountsAnswersAndFailures() {
        // When
        LoadReport report = LoadGenerator.run(plan(4, 0, 100, Duration.ofMinutes(1)));

        // Then
        assertThat(report.requests()).isEqualTo(100);
        assertThat(report.failures()).containsOnlyKeys("status 503");
        assertThat(report.latencyMicros(99)).isGreaterThanOrEqualTo(report.latencyMicros(50));
    }

    @Test
    void anOpenLoopKeepsItsRate() {
        // When
        LoadReport report = LoadGenerator.run(plan(8, 200, 0, Duration.ofSeconds(1)));

        // Then
        // A busy machine may answer late, but no request is sent before its time.
        assertThat(served.get()).isBetween(50, 260);
        assertThat(report.requestsPerSecond()).isBetween(50.0, 230.0);
    }

    private LoadPlan plan(int connections, double rate, long maxRequests, Duration duration) {
        return new LoadPlan(
                server.getAddress(),
                "/v1/chat/completions",
                List.of(LoadPlan.chatBody("m", 100, 1, false)),
                connections,
                rate,
                Duration.ofMillis(100),
                duration,
                maxRequests);
    }
}

package io.weir.app.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.app.gateway.Cluster;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/** The gateway of a cluster from outside: two replicas, of which one is told to go or dies. */
class GatewayProcessTest {

    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir private Path directory;

    private Cluster cluster;

    @BeforeEach
    void startCluster() throws IOException {
        cluster = Cluster.start(directory);
        cluster.createGateway();
        cluster.createPool();
        cluster.createRoute("route", "/");
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void aReplicaThatIsToldToGoFinishesItsStreamsAndOneThatDiesIsReplaced() throws Exception {
        try (WeirProcess first = gateway("first", 0)) {
            awaitServing(0);
            await().atMost(SOON).until(() -> leader().equals("first"));
            awaitAccepted("route");
            try (WeirProcess second = gateway("second", 1)) {
                awaitServing(1);
                try (BufferedReader stream = stream(0)) {
                    assertThat(stream.readLine()).startsWith("data: {");

                    first.signal("TERM");

                    assertThat(stream.lines().filter(line -> !line.isEmpty()).toList().getLast())
                            .isEqualTo("data: [DONE]");
                }
                assertThat(first.exitCode()).isZero();
                assertThat(first.err()).contains("stopped");
                await().atMost(SOON).until(() -> leader().equals("second"));
                cluster.createRoute("later", "/later");
                awaitAccepted("later");

                try (WeirProcess third = gateway("third", 0)) {
                    awaitServing(0);
                    second.signal("KILL");
                    second.exitCode();

                    assertThat(completes(0)).isTrue();
                    await().atMost(SOON).until(() -> leader().equals("third"));
                    cluster.createRoute("last", "/last");
                    awaitAccepted("last");
                    third.signal("TERM");
                    assertThat(third.exitCode()).isZero();
                }
            }
        }
    }

    private WeirProcess gateway(String identity, int offset) throws IOException {
        return WeirProcess.start(
                "gateway",
                "--kubeconfig=" + cluster.kubeconfig(),
                "--address=127.0.0.1",
                "--port-offset=" + offset,
                "--gateway-service=default/weir",
                "--leader-election",
                "--lease=default/weir",
                "--lease-duration=" + Cluster.LEASE.toSeconds() + "s",
                "--identity=" + identity,
                "--admin-port=0");
    }

    private String leader() {
        return cluster.client()
                .get("coordination.k8s.io/v1", "Lease", "default", "weir")
                .map(lease -> lease.at("/spec/holderIdentity").asText())
                .orElse("");
    }

    private void awaitServing(int offset) {
        await().atMost(SOON).until(() -> completes(offset));
    }

    private boolean completes(int offset) throws InterruptedException {
        return cluster.get(cluster.port() + offset, "/v1/models") == 200;
    }

    private void awaitAccepted(String route) {
        await().atMost(SOON)
                .until(() -> cluster.routeCondition(route, "Accepted"), "True/Accepted"::equals);
    }

    private BufferedReader stream(int offset) throws Exception {
        return new BufferedReader(
                new InputStreamReader(
                        cluster.open("/v1/slow/completions", offset).body(),
                        StandardCharsets.UTF_8));
    }
}

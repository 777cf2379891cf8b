package io.weir.app.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.app.gateway.Cluster.Setup;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;

/** The API server goes away and comes back. */
class ApiRestartTest {

    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir private Path directory;

    @Test
    void goesOnServingWhileTheServerIsAwayAndCatchesUpAfterwards() throws Exception {
        try (Cluster cluster = Cluster.startPersistent(directory)) {
            cluster.createGateway();
            cluster.createPool();
            cluster.createRoute("route", "/");
            GatewayProgram gateway = cluster.start(new Setup().electing("one"));
            await().atMost(SOON).until(gateway::isServing);
            await().atMost(SOON)
                    .until(
                            () -> cluster.routeCondition("route", "Accepted"),
                            "True/Accepted"::equals);

            int apiPort = cluster.stopApi();
            assertThat(cluster.post("/v1/completions", 0)).isEqualTo(200);
            assertThat(cluster.get(gateway.adminPort(), "/readyz")).isEqualTo(200);

            cluster.startApi(apiPort);
            cluster.delete("HTTPRoute", "route");
            await().atMost(SOON).until(() -> cluster.post("/v1/completions", 0) == 404);
            cluster.createRoute("back", "/");
            await().atMost(SOON).until(() -> cluster.post("/v1/completions", 0) == 200);
            await().atMost(SOON)
                    .until(
                            () -> cluster.routeCondition("back", "Accepted"),
                            "True/Accepted"::equals);
        }
    }
}

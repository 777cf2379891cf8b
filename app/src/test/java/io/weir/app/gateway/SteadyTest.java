package io.weir.app.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.app.gateway.Cluster.Setup;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** How soon changes are in force among many routes, and what is written at rest. */
class SteadyTest {

    private static final int ROUTES = Integer.getInteger("weir.routes", 300);
    private static final int CHANGES = 20;
    private static final long QUIET_NANOS = 500_000_000;

    @TempDir private Path directory;

    @Test
    void changesAreInForceSoonAndNothingIsWrittenAtRest() throws Exception {
        try (Cluster cluster = Cluster.start(directory)) {
            cluster.createGateway();
            cluster.createPool();
            for (int i = 0; i < ROUTES; i++) {
                cluster.createRoute("route-" + i, "/" + i);
            }
            GatewayProgram gateway = cluster.start(new Setup());
            await().atMost(Duration.ofSeconds(60)).until(gateway::isServing);
            awaitAccepted(cluster, "route-" + (ROUTES - 1));
            awaitRest(cluster);

            long[] inForce = new long[CHANGES];
            long[] told = new long[CHANGES];
            for (int i = 0; i < CHANGES; i++) {
                long generation = gateway.generation();
                long begin = System.nanoTime();
                cluster.createRoute("new-" + i, "/new/" + i);
                while (gateway.generation() == generation) {
                    Thread.onSpinWait();
                }
                inForce[i] = System.nanoTime() - begin;
                while (!isAccepted(cluster, "new-" + i)) {
                    Thread.sleep(1);
                }
                told[i] = System.nanoTime() - begin;
            }

            tell("in force", inForce);
            tell("status", told);
            assertThat(median(inForce)).isLessThan(Duration.ofMillis(500));
            assertThat(median(told)).isLessThan(Duration.ofSeconds(1));
            awaitRest(cluster);
            assertThat(writesWithin(cluster, Duration.ofMillis(1_200))).isZero();
        }
    }

    private static void tell(String what, long[] nanos) {
        Arrays.sort(nanos);
        System.out.printf(
                "among %d routes: %s p50 %d ms, max %d ms%n",
                ROUTES, what, nanos[CHANGES / 2] / 1_000_000, nanos[CHANGES - 1] / 1_000_000);
    }

    private static Duration median(long[] nanos) {
        return Duration.ofNanos(nanos[CHANGES / 2]);
    }

    private static void awaitAccepted(Cluster cluster, String route) {
        await().atMost(Duration.ofSeconds(60)).until(() -> isAccepted(cluster, route));
    }

    private static boolean isAccepted(Cluster cluster, String route) {
        return cluster.routeCondition(route, "Accepted").equals("True/Accepted");
    }

    private static int writesWithin(Cluster cluster, Duration time) throws InterruptedException {
        AtomicInteger calls = new AtomicInteger();
        try (var _ = cluster.api().subscribe("count", _ -> calls.incrementAndGet())) {
            await().until(() -> calls.get() == 1);
            Thread.sleep(time);
            return calls.get() - 1;
        }
    }

    /** Waits until nothing has been written for a while. */
    private static void awaitRest(Cluster cluster) {
        AtomicLong last = new AtomicLong(System.nanoTime());
        try (var _ = cluster.api().subscribe("rest", _ -> last.set(System.nanoTime()))) {
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> System.nanoTime() - last.get() > QUIET_NANOS);
        }
    }
}

package io.weir.kubernetes.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.OperatingSystemMXBean;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import javax.net.ssl.SSLContext;

/**
 * Many objects, written by eight clients at once, and a second start with them. {@code
 * -Dobjects=10000} for the full number; times and CPU, the clients' included, are printed.
 */
final class ScaleTest {

    private static final int WRITERS = 8;
    private static final String ROUTES =
            "/apis/gateway.networking.k8s.io/v1/namespaces/default/httproutes";
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    @TempDir private Path directory;

    @Test
    void takesManyObjectsAndHasThemAfterARestart() throws Exception {
        int count = Integer.getInteger("objects", 1_000);
        long version;
        try (EmbeddedApi api = TestApi.in(directory)) {
            Meter created = new Meter();
            write(
                    api,
                    count,
                    201,
                    (client, n) -> client.send("POST", ROUTES, "application/json", route(n)));
            created.report("created " + count);
            Meter changed = new Meter();
            write(
                    api,
                    count,
                    200,
                    (client, n) ->
                            client.send(
                                    "PATCH",
                                    ROUTES + "/route-" + n,
                                    "application/merge-patch+json",
                                    "{\"spec\":{\"hostnames\":[\"other-%d.example\"]}}"
                                            .formatted(n)));
            changed.report("changed " + count);
            Meter listed = new Meter();
            var all = BareClient.of(api, api.kubeconfig().token()).get(ROUTES).tree();
            listed.report("listed " + count);
            assertThat(all.at("/items")).hasSize(count);
            version = all.at("/metadata/resourceVersion").asLong();
        }
        Meter started = new Meter();
        try (EmbeddedApi api = TestApi.in(directory)) {
            started.report("started with " + count);
            BareClient client = BareClient.of(api, api.kubeconfig().token());
            assertThat(client.get(ROUTES).tree().at("/items")).hasSize(count);
            var created = client.send("POST", ROUTES, "application/json", route(count)).tree();
            assertThat(created.at("/metadata/resourceVersion").asLong()).isGreaterThan(version);
        }
    }

    /** One request of one writer. */
    private interface Request {
        int send(LeanClient client, int number) throws Exception;
    }

    private static void write(EmbeddedApi api, int count, int expected, Request request)
            throws Exception {
        SSLContext tls = api.authority().client();
        AtomicInteger next = new AtomicInteger();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var writers =
                    IntStream.range(0, WRITERS)
                            .mapToObj(i ->
                                    threads.submit(
                                            () -> write(api, tls, count, expected, next, request)))
                            .toList();
            int done = 0;
            for (Future<Integer> writer : writers) {
                done += writer.get();
            }
            assertThat(done).isEqualTo(count);
        }
    }

    private static int write(
            EmbeddedApi api,
            SSLContext tls,
            int count,
            int expected,
            AtomicInteger next,
            Request request)
            throws Exception {
        int done = 0;
        try (LeanClient client = new LeanClient(api, tls)) {
            for (int n = next.getAndIncrement(); n < count; n = next.getAndIncrement()) {
                done += request.send(client, n) == expected ? 1 : 0;
            }
        }
        return done;
    }

    private static String route(int number) {
        return """
        {"apiVersion":"gateway.networking.k8s.io/v1","kind":"HTTPRoute",
        "metadata":{"name":"route-%d"},"spec":{"parentRefs":[{"name":"gateway"}],
        "hostnames":["host-%d.example"],"rules":[{"matches":[{"path":{"type":"PathPrefix",
        "value":"/v1"}}],"backendRefs":[{"group":"inference.networking.k8s.io",
        "kind":"InferencePool","name":"pool","weight":1}]}]}}
        """
                .formatted(number, number);
    }

    /** Time and CPU from its making on. */
    private static final class Meter {

        private final long start = System.nanoTime();
        private final long cpu = SYSTEM.getProcessCpuTime();

        void report(String what) {
            System.out.printf(
                    "%s in %d ms, %d ms of CPU%n",
                    what,
                    Duration.ofNanos(System.nanoTime() - start).toMillis(),
                    Duration.ofNanos(SYSTEM.getProcessCpuTime() - cpu).toMillis());
        }
    }
}

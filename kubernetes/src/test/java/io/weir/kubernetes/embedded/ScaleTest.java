package io.weir.kubernetes.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Many objects, and a second start with them; {@code -Dobjects=10000} for the full number. */
final class ScaleTest {

    private static final int WRITERS = 8;
    private static final String ROUTES =
            "/apis/gateway.networking.k8s.io/v1/namespaces/default/httproutes";

    @TempDir private Path directory;

    @Test
    void takesManyObjectsAndHasThemAfterARestart() throws Exception {
        int count = Integer.getInteger("objects", 1_000);
        long version;
        try (EmbeddedApi api = TestApi.in(directory)) {
            BareClient client = BareClient.of(api, api.kubeconfig().token());
            long start = System.nanoTime();
            create(client, count);
            report("created " + count, start);
            start = System.nanoTime();
            var all = client.get(ROUTES).tree();
            report("listed " + count, start);
            assertThat(all.at("/items")).hasSize(count);
            version = all.at("/metadata/resourceVersion").asLong();
        }
        long start = System.nanoTime();
        try (EmbeddedApi api = TestApi.in(directory)) {
            report("started with " + count, start);
            BareClient client = BareClient.of(api, api.kubeconfig().token());
            assertThat(client.get(ROUTES).tree().at("/items")).hasSize(count);
            var created = client.send("POST", ROUTES, "application/json", route(count)).tree();
            assertThat(created.at("/metadata/resourceVersion").asLong()).isGreaterThan(version);
        }
    }

    private static void create(BareClient client, int count) throws InterruptedException {
        AtomicInteger next = new AtomicInteger();
        AtomicInteger created = new AtomicInteger();
        List<Thread> writers = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            writers.add(
                    Thread.ofVirtual()
                            .start(() -> {
                                for (int n = next.getAndIncrement();
                                        n < count;
                                        n = next.getAndIncrement()) {
                                    var answer =
                                            client.send(
                                                    "POST", ROUTES, "application/json", route(n));
                                    created.addAndGet(answer.code() == 201 ? 1 : 0);
                                }
                            }));
        }
        for (Thread writer : writers) {
            writer.join();
        }
        assertThat(created).hasValue(count);
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

    private static void report(String what, long start) {
        System.out.println(
                what + " in " + Duration.ofNanos(System.nanoTime() - start).toMillis() + " ms");
    }
}

package io.weir.kubernetes.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.weir.kubernetes.embedded.EmbeddedApi;
import io.weir.kubernetes.embedded.EmbeddedApiOptions;
import io.weir.kubernetes.embedded.object.Trees;
import io.weir.kubernetes.objects.LiveObjects;
import io.weir.resource.ObjectKey;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

class ClusterFeedTest {

    private static final String POOL =
            """
            {"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool",
             "metadata":{"namespace":"%s","name":"%s"},
             "spec":{"selector":{"matchLabels":{"app":"vllm"}},"targetPorts":[{"number":8000}],
                     "endpointPickerRef":{"name":"epp","port":{"number":9002}}}}
            """;
    private static final String DEFINITION =
            """
            {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition",
             "metadata":{"name":"things.example.com"},
             "spec":{"group":"example.com","scope":"Namespaced",
                     "names":{"kind":"Thing","plural":"things"},
                     "versions":[{"name":"v1","served":true,"storage":true,
                                  "schema":{"openAPIV3Schema":{"type":"object"}}}]}}
            """;

    private final Set<String> hidden = ConcurrentHashMap.newKeySet();
    private final Map<ObjectKey, ObjectNode> seen = new ConcurrentHashMap<>();
    private volatile boolean complete;
    private EmbeddedApi api;
    private KubernetesClient client;

    @BeforeEach
    void startApi() throws IOException {
        api =
                EmbeddedApi.start(
                        new EmbeddedApiOptions(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                                Optional.empty(),
                                List.of(),
                                (_, _, sink) -> sink.open().close(),
                                InstantSource.system(),
                                new SecureRandom()));
        client =
                new KubernetesClientBuilder()
                        .withConfig(ClusterClients.config(api.kubeconfig().text()))
                        .withHttpClientBuilderConsumer(
                                http -> http.addOrReplaceInterceptor("hide", new Hiding()))
                        .build();
    }

    @AfterEach
    void stopApi() {
        client.close();
        api.close();
    }

    @Test
    void whatIsThereComesFirstAndThenWhatChanges() {
        create(POOL.formatted("default", "first"));
        try (ClusterFeed feed = start(Set.of())) {
            await().until(() -> complete && seen.containsKey(pool("default", "first")));

            create(POOL.formatted("default", "second"));
            await().until(() -> seen.containsKey(pool("default", "second")));

            client.genericKubernetesResources("inference.networking.k8s.io/v1", "InferencePool")
                    .inNamespace("default")
                    .withName("first")
                    .delete();
            await().until(() -> !seen.containsKey(pool("default", "first")));
            assertThat(feed.missing()).isEmpty();
        }
    }

    @Test
    void aKindThatIsNotServedIsWatchedOnceItIs() {
        hidden.add("/apis/inference.networking.k8s.io/");
        create(POOL.formatted("default", "early"));
        try (ClusterFeed _ = start(Set.of())) {
            await().until(() -> complete);
            assertThat(seen).doesNotContainKey(pool("default", "early"));

            hidden.clear();
            create(DEFINITION);

            await().atMost(Duration.ofSeconds(5))
                    .until(() -> seen.containsKey(pool("default", "early")));
        }
    }

    @Test
    void objectsOfAKindThatIsNoLongerServedAreRemoved() {
        create(POOL.formatted("default", "late"));
        try (ClusterFeed _ = start(Set.of())) {
            await().until(() -> complete && seen.containsKey(pool("default", "late")));

            hidden.add("/apis/inference.networking.k8s.io/");
            create(DEFINITION);

            await().atMost(Duration.ofSeconds(5))
                    .until(() -> !seen.containsKey(pool("default", "late")));
        }
    }

    @Test
    void onlyTheNamespacesThatWereAskedForAreRead() {
        create("{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\"other\"}}");
        create(POOL.formatted("default", "ours"));
        create(POOL.formatted("other", "theirs"));
        try (ClusterFeed _ = start(Set.of("default"))) {
            await().until(() -> complete && seen.containsKey(pool("default", "ours")));

            assertThat(seen).doesNotContainKey(pool("other", "theirs"));
        }
    }

    private ClusterFeed start(Set<String> namespaces) {
        ClusterFeed feed =
                new ClusterFeed(
                        client,
                        namespaces,
                        (changes, isComplete) -> {
                            changes.forEach(this::take);
                            complete = isComplete;
                        });
        feed.start();
        return feed;
    }

    private void take(ClusterChange change) {
        ObjectKey key = LiveObjects.keyOf(change.object());
        switch (change) {
            case ClusterChange.Put put -> seen.put(key, put.object());
            case ClusterChange.Removed _ -> seen.remove(key);
        }
    }

    private void create(String json) {
        api.client("test").create((ObjectNode) Trees.parse(json.getBytes(StandardCharsets.UTF_8)));
    }

    private static ObjectKey pool(String namespace, String name) {
        return new ObjectKey("inference.networking.k8s.io", "InferencePool", namespace, name);
    }

    /** Makes paths look as if they were not served. */
    private final class Hiding implements Interceptor {

        @Override
        public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
            String uri = request.uri().toString();
            if (hidden.stream().anyMatch(uri::contains)) {
                builder.uri(URI.create(uri.replace("/apis/", "/apis/hidden.")));
            }
        }
    }
}

package io.weir.kubernetes.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Watches over WebSockets, which is how some clients watch, and over plain HTTP. */
final class InformerTest {

    private static final String MAPS = "/api/v1/namespaces/default/configmaps";

    private static ConfigMap map(String name, String value) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("default")
                .endMetadata()
                .addToData("a", value)
                .build();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void informersHearOfEveryChange(boolean onlyHttp) throws Exception {
        try (EmbeddedApi api = TestApi.ephemeral();
                KubernetesClient client = client(api, onlyHttp)) {
            client.resource(map("before", "0")).create();
            ConcurrentLinkedQueue<String> heard = new ConcurrentLinkedQueue<>();
            try (var _ = client.configMaps().inNamespace("default").inform(recorder(heard))) {
                await().untilAsserted(() -> assertThat(heard).contains("+before"));

                client.resource(map("one", "1")).create();
                client.resource(map("one", "2")).update();
                client.resource(map("one", "2")).delete();

                await().untilAsserted(() ->
                        assertThat(heard).containsExactly("+before", "+one", "~one=2", "-one"));
            }
        }
    }

    private static KubernetesClient client(EmbeddedApi api, boolean onlyHttp) {
        Config config = Config.fromKubeconfig(api.kubeconfig().text());
        config.setOnlyHttpWatches(onlyHttp);
        return new KubernetesClientBuilder().withConfig(config).build();
    }

    private static ResourceEventHandler<ConfigMap> recorder(ConcurrentLinkedQueue<String> heard) {
        return new ResourceEventHandler<>() {

            @Override
            public void onAdd(ConfigMap added) {
                heard.add("+" + added.getMetadata().getName());
            }

            @Override
            public void onUpdate(ConfigMap before, ConfigMap after) {
                heard.add("~" + after.getMetadata().getName() + "=" + after.getData().get("a"));
            }

            @Override
            public void onDelete(ConfigMap deleted, boolean unknown) {
                heard.add("-" + deleted.getMetadata().getName());
            }
        };
    }

    @Test
    void webSocketsAnswerPingsAndCloseWhenTheClientDoes() throws Exception {
        try (EmbeddedApi api = TestApi.ephemeral()) {
            BareClient bare = BareClient.of(api, api.kubeconfig().token());
            Heard heard = new Heard();
            WebSocket socket =
                    bare.http()
                            .newWebSocketBuilder()
                            .header("Authorization", "Bearer " + api.kubeconfig().token())
                            .buildAsync(
                                    URI.create(
                                            api.url().toString().replace("https", "wss")
                                                    + MAPS
                                                    + "?watch=true"),
                                    heard)
                            .get(5, TimeUnit.SECONDS);
            String large = "x".repeat(100_000);
            bare.send(
                    "POST",
                    MAPS,
                    "application/json",
                    "{\"metadata\":{\"name\":\"large\"},\"data\":{\"a\":\"" + large + "\"}}");
            await().untilAsserted(() -> assertThat(heard.text()).contains("\"ADDED\"", large));

            socket.sendPing(java.nio.ByteBuffer.wrap(new byte[] {1})).get();
            assertThat(heard.pong.await(5, TimeUnit.SECONDS)).isTrue();
            socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get();
            assertThat(heard.closed.await(5, TimeUnit.SECONDS)).isTrue();
        }
    }

    /** Puts the parts of messages together. */
    private static final class Heard implements WebSocket.Listener {

        private final ConcurrentLinkedQueue<CharSequence> parts = new ConcurrentLinkedQueue<>();
        private final CountDownLatch pong = new CountDownLatch(1);
        private final CountDownLatch closed = new CountDownLatch(1);

        String text() {
            return String.join("", parts);
        }

        @Override
        public @org.jspecify.annotations.Nullable CompletionStage<?> onText(
                WebSocket socket, CharSequence data, boolean last) {
            parts.add(data.toString());
            socket.request(1);
            return null;
        }

        @Override
        public @org.jspecify.annotations.Nullable CompletionStage<?> onPong(
                WebSocket socket, java.nio.ByteBuffer message) {
            pong.countDown();
            socket.request(1);
            return null;
        }

        @Override
        public @org.jspecify.annotations.Nullable CompletionStage<?> onClose(
                WebSocket socket, int code, String reason) {
            closed.countDown();
            return null;
        }
    }

    @Test
    void aWatchEndsWhenItsClientIsGone() throws Exception {
        try (EmbeddedApi api = TestApi.ephemeral()) {
            BareClient bare = BareClient.of(api, api.kubeconfig().token());
            HttpRequest request = bare.request(MAPS + "?watch=true").GET().build();
            HttpResponse<java.io.InputStream> watch =
                    bare.http().send(request, HttpResponse.BodyHandlers.ofInputStream());
            assertThat(watch.statusCode()).isEqualTo(200);
            assertThat(api.connections()).isPositive();

            watch.body().close();
            bare.http().shutdownNow();

            await().atMost(Duration.ofSeconds(5))
                    .untilAsserted(() -> assertThat(api.connections()).isZero());
        }
    }

    @Test
    void requestsThatMakeNoSenseAreRefused() throws Exception {
        try (EmbeddedApi api = TestApi.ephemeral()) {
            for (String head :
                    List.of(
                            "GET\r\n\r\n",
                            "GET / HTTP/1.1\r\n: x\r\n\r\n",
                            "POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n",
                            "POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
                            "GET /" + "a".repeat(70_000) + " HTTP/1.1\r\n\r\n")) {
                assertThat(answerTo(api, head)).startsWith("HTTP/1.1 400 Bad Request");
            }
            assertThat(answerTo(api, "GET /livez HTTP/1.0\r\n\r\n"))
                    .startsWith("HTTP/1.1 200")
                    .endsWith("ok");
            assertThat(answerTo(api, "HEAD /livez HTTP/1.1\r\nConnection: close\r\n\r\n"))
                    .startsWith("HTTP/1.1 200")
                    .doesNotEndWith("ok");
            assertThat(answerTo(api, "GET /%zz?%zz HTTP/1.1\r\nConnection: close\r\n\r\n"))
                    .contains("400 Bad Request", "malformed escape");
        }
    }

    private static String answerTo(EmbeddedApi api, String request) throws Exception {
        try (var socket =
                api.authority()
                        .client()
                        .getSocketFactory()
                        .createSocket("127.0.0.1", api.address().getPort())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }
}

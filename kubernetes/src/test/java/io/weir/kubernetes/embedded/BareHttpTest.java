package io.weir.kubernetes.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.object.Trees;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What a client hears that does not do it right, and what lists and watches promise. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class BareHttpTest {

    private static final String MAPS = "/api/v1/namespaces/default/configmaps";
    private static final String JSON = "application/json";

    private Optional<EmbeddedApi> started = Optional.empty();

    @BeforeAll
    void start() throws Exception {
        started = Optional.of(TestApi.ephemeral());
    }

    @AfterAll
    void stop() {
        started.ifPresent(EmbeddedApi::close);
    }

    private BareClient client(String token) {
        try {
            return BareClient.of(started.orElseThrow(), token);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private BareClient admin() {
        return client(started.orElseThrow().kubeconfig().token());
    }

    private static String map(String name, String value) {
        return "{\"metadata\":{\"name\":\"%s\"},\"data\":{\"a\":\"%s\"}}".formatted(name, value);
    }

    @Test
    void tellsOperationsAloneToCommandsThatReadThemForEveryObject() throws Exception {
        var schemas = openApi("kubectl explain").at("/components/schemas");
        assertThat(schemas).isNotEmpty();
        var brief = openApi("kubectl apply");
        assertThat(brief.at("/components/schemas")).isEmpty();
        assertThat(
                        brief.at(
                                "/paths/~1apis~1apps~1v1~1namespaces~1{namespace}~1deployments~1{name}"
                                        + "/patch/parameters"))
                .extracting(parameter -> parameter.path("name").asText())
                .contains("fieldValidation");
    }

    private ObjectNode openApi(String command) throws Exception {
        var request =
                admin().request("/openapi/v3/apis/apps/v1").header("Kubectl-Command", command);
        var answer = admin().http().send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        return (ObjectNode) Trees.parse(answer.body());
    }

    @Test
    void refusesWhoeverHasNoCredentials() {
        for (String token : List.of("", "wrong")) {
            BareClient.Answer answer = client(token).get(MAPS);
            assertThat(answer.code()).isEqualTo(401);
            assertThat(answer.reason()).isEqualTo("Unauthorized");
        }
        assertThat(client("").get("/readyz").code()).isEqualTo(200);
    }

    @Test
    void letsAViewerLookAndNotWrite() {
        BareClient viewer = client(started.orElseThrow().viewerKubeconfig().token());

        assertThat(viewer.get(MAPS).code()).isEqualTo(200);
        BareClient.Answer answer = viewer.send("POST", MAPS, JSON, map("viewed", "1"));
        assertThat(answer.code()).isEqualTo(403);
        assertThat(answer.reason()).isEqualTo("Forbidden");
        assertThat(answer.message()).contains("configmaps is forbidden", "may only look");
    }

    @Test
    void refusesBodiesThatAreNoObjects() {
        for (String body : List.of("{", "[1]", "", "null", "{\"a\":1} x", "\"text\"")) {
            assertThat(admin().send("POST", MAPS, JSON, body).code()).as(body).isEqualTo(400);
        }
        for (String body : List.of("a: [", "- 1", "a: &x [*x]", "a: !!java.io.File x")) {
            assertThat(admin().send("POST", MAPS, "application/yaml", body).code())
                    .as(body)
                    .isEqualTo(400);
        }
        String protobuf = "application/vnd.kubernetes.protobuf";
        for (String body : List.of("", "k8s\0", "k8s\0\u0012\u007f", "nothing")) {
            assertThat(admin().send("POST", MAPS, protobuf, body).code()).as(body).isIn(400, 415);
        }
        assertThat(admin().send("POST", MAPS, "text/plain", "{}").code()).isEqualTo(415);
        String deep = "[".repeat(100_000);
        assertThat(admin().send("POST", MAPS, JSON, "{\"a\":" + deep).code()).isEqualTo(400);
    }

    @Test
    void refusesBodiesThatAreTooLarge() {
        BareClient.Answer answer =
                admin().send("POST", MAPS, JSON, map("large", "x".repeat(4 << 20)));
        assertThat(answer.code()).isEqualTo(413);
        assertThat(answer.reason()).isEqualTo("RequestEntityTooLarge");
    }

    @Test
    void refusesAnUpdateOfAnOlderVersion() {
        ObjectNode first = admin().send("POST", MAPS, JSON, map("raced", "1")).tree();
        String path = MAPS + "/raced";
        first.withObject("data").put("a", "2");
        assertThat(admin().send("PUT", path, JSON, first.toString()).code()).isEqualTo(200);

        first.withObject("data").put("a", "3");
        BareClient.Answer late = admin().send("PUT", path, JSON, first.toString());
        assertThat(late.code()).isEqualTo(409);
        assertThat(late.reason()).isEqualTo("Conflict");
        assertThat(late.message()).contains("the object has been modified");
    }

    @Test
    void namesFieldsOfObjectsThatAreNotValid() {
        BareClient.Answer answer =
                admin().send(
                                "POST",
                                "/apis/gateway.networking.k8s.io/v1/namespaces/default/gateways",
                                JSON,
                                """
                                {"metadata":{"name":"Bad_Name"},"spec":{"listeners":[
                                {"name":"a","port":0,"protocol":"HTTP"}]}}
                                """);
        assertThat(answer.code()).isEqualTo(422);
        assertThat(answer.tree().at("/details/causes").findValuesAsText("field"))
                .contains("metadata.name", "spec.gatewayClassName", "spec.listeners[0].port");
    }

    @Test
    void answersPathsAndVersionsThatAreNotThere() {
        assertThat(admin().get("/apis/nothing.dev/v1/things").code()).isEqualTo(404);
        assertThat(admin().get("/api/v1/namespaces/none/configmaps/x").code()).isEqualTo(404);
        assertThat(
                        admin().send(
                                        "POST",
                                        "/api/v1/namespaces/none/configmaps",
                                        JSON,
                                        map("x", ""))
                                .code())
                .isEqualTo(404);
        assertThat(admin().send("POST", MAPS + "/x", JSON, "{}").code()).isEqualTo(405);
        assertThat(admin().get(MAPS + "?labelSelector=a%20b").code()).isEqualTo(400);
        assertThat(admin().get(MAPS + "?limit=x").code()).isEqualTo(400);
        assertThat(admin().get(MAPS + "?continue=x").code()).isEqualTo(400);
    }

    @Test
    void cutsListsIntoPages() {
        String path = "/api/v1/namespaces/pages/configmaps";
        admin().send("POST", "/api/v1/namespaces", JSON, "{\"metadata\":{\"name\":\"pages\"}}");
        for (int i = 0; i < 7; i++) {
            admin().send("POST", path, JSON, map("m" + i, "1"));
        }
        ObjectNode first = admin().get(path + "?limit=3").tree();
        assertThat(first.at("/items")).hasSize(3);
        assertThat(first.at("/metadata/remainingItemCount").asInt()).isEqualTo(4);
        String next = Trees.text(first, "metadata", "continue");
        ObjectNode second = admin().get(path + "?limit=3&continue=" + next).tree();
        next = Trees.text(second, "metadata", "continue");
        ObjectNode third = admin().get(path + "?limit=3&continue=" + next).tree();
        assertThat(third.at("/items").findValuesAsText("name")).contains("m6");
        assertThat(third.at("/metadata").has("continue")).isFalse();
    }

    @Test
    void saysThatAWatchFromLongAgoCantBeContinued() throws Exception {
        HttpResponse<java.util.stream.Stream<String>> answer =
                admin().http()
                        .send(
                                admin().request(MAPS + "?watch=true&resourceVersion=1").build(),
                                HttpResponse.BodyHandlers.ofLines());
        try (var lines = answer.body()) {
            assertThat(lines.findFirst().orElseThrow())
                    .contains("\"reason\":\"Expired\"", "\"code\":410");
        }
    }

    @Test
    void watchesWithLabelsAndBookmarks() throws Exception {
        Queue<ObjectNode> events = new ConcurrentLinkedQueue<>();
        String query =
                "?watch=true&labelSelector=w%3Dyes&sendInitialEvents=true"
                        + "&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true"
                        + "&timeoutSeconds=20";
        var running =
                admin().http()
                        .sendAsync(
                                admin().request(MAPS + query).build(),
                                HttpResponse.BodyHandlers.ofLines())
                        .thenAccept(answer ->
                                answer.body()
                                        .map(l -> l.getBytes(StandardCharsets.UTF_8))
                                        .forEach(l -> events.add((ObjectNode) Trees.parse(l))));
        await().until(() -> !events.isEmpty());
        assertThat(events.peek().path("type").asText()).isEqualTo("BOOKMARK");
        assertThat(events.peek().toString()).contains("k8s.io/initial-events-end");

        admin().send("POST", MAPS, JSON, map("watched", "1"));
        String merge = "application/merge-patch+json";
        for (String label : List.of("\"yes\"", "\"no\"")) {
            String patch = "{\"metadata\":{\"labels\":{\"w\":" + label + "}}}";
            admin().send("PATCH", MAPS + "/watched", merge, patch);
        }
        await().until(() -> events.size() == 3);
        assertThat(events.stream().map(event -> event.path("type").asText()))
                .containsExactly("BOOKMARK", "ADDED", "DELETED");
        assertThat(running.isDone()).isFalse();
    }

    @Test
    void forgetsEventsAnHourAfterTheyLastHappened(@TempDir Path directory) throws Exception {
        Instant now = Instant.now();
        event(directory, "old", now.minus(Duration.ofMinutes(20)));
        event(directory, "young", now);
        Instant later = now.plus(Duration.ofMinutes(50));
        try (EmbeddedApi api = TestApi.in(directory, () -> later)) {
            var client = api.client("test");
            await().untilAsserted(() ->
                    assertThat(client.list("v1", "Event", ""))
                            .extracting(event -> event.at("/message").asText())
                            .containsExactly("young"));
        }
    }

    private static void event(Path directory, String message, Instant time) throws Exception {
        ObjectNode event = Trees.object().put("apiVersion", "v1").put("kind", "Event");
        Trees.metadata(event).put("name", message).put("namespace", "default");
        event.putObject("involvedObject").put("kind", "Pod").put("namespace", "default");
        event.put("message", message).put("type", "Normal").put("reason", "Told");
        event.put("lastTimestamp", time.truncatedTo(ChronoUnit.SECONDS).toString());
        try (EmbeddedApi api = TestApi.in(directory, () -> time)) {
            api.client("test").create(event);
        }
    }
}

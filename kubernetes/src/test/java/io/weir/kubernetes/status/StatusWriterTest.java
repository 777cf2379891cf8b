package io.weir.kubernetes.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.config.Compilation;
import io.weir.config.CompileOptions;
import io.weir.config.SnapshotCompiler;
import io.weir.kubernetes.embedded.EmbeddedApi;
import io.weir.kubernetes.embedded.EmbeddedApiOptions;
import io.weir.kubernetes.embedded.client.ApiClient;
import io.weir.kubernetes.embedded.engine.DeleteOptions;
import io.weir.kubernetes.embedded.object.Trees;
import io.weir.kubernetes.embedded.object.Yaml;
import io.weir.kubernetes.objects.LiveObjects;
import io.weir.resource.ObjectKey;
import io.weir.resource.Origin;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

final class StatusWriterTest {

    private static final String CLASS =
            """
            apiVersion: gateway.networking.k8s.io/v1
            kind: GatewayClass
            metadata: {name: weir}
            spec: {controllerName: weir.dev/gateway-controller}
            """;

    private static final String GATEWAY =
            """
            apiVersion: gateway.networking.k8s.io/v1
            kind: Gateway
            metadata: {name: inference-gateway, namespace: default}
            spec:
              gatewayClassName: weir
              listeners:
              - {name: http, port: 80, protocol: HTTP}
            """;

    private static final String POOL =
            """
            apiVersion: inference.networking.k8s.io/v1
            kind: InferencePool
            metadata: {name: pool, namespace: default}
            spec:
              selector: {matchLabels: {app: server}}
              targetPorts: [{number: 8000}]
            """;

    private static final String ROUTE =
            """
            apiVersion: gateway.networking.k8s.io/v1
            kind: HTTPRoute
            metadata: {name: llm-route, namespace: default}
            spec:
              parentRefs: [{name: inference-gateway}]
              rules:
              - backendRefs:
                - {group: inference.networking.k8s.io, kind: InferencePool, name: pool}
            """;

    private static final String REWRITE =
            """
            apiVersion: llm-d.ai/v1alpha2
            kind: InferenceModelRewrite
            metadata: {name: %s, namespace: default}
            spec:
              poolRef: {name: pool}
              rules:
              - matches: [{model: {type: Exact, value: food-review}}]
                targets: [{modelRewrite: food-review-1}]
            """;

    private Instant now = Instant.parse("2026-01-31T12:00:00.5Z");
    private final LiveObjects live = new LiveObjects("kubectl", () -> now);
    private final Set<ObjectKey> touched = new HashSet<>();
    private final Remembering sink = new Remembering();
    private EmbeddedApi api;
    private ApiClient client;
    private StatusWriter writer;
    private Compilation compilation = Compilation.EMPTY;

    @SuppressWarnings("NullAway.Init")
    StatusWriterTest() {}

    @BeforeEach
    void start() throws IOException {
        api =
                EmbeddedApi.start(
                        new EmbeddedApiOptions(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                                Optional.empty(),
                                List.of(),
                                (pod, request, sink) -> sink.open().close(),
                                InstantSource.system(),
                                new SecureRandom()));
        client = api.client("test");
        writer =
                new StatusWriter(
                        sink,
                        name -> name.startsWith("weir.dev/"),
                        GatewayAddresses.AS_BOUND,
                        () -> now);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    /** The API server's sink, which remembers events. */
    private final class Remembering implements StatusSink {
        private final List<String> events = new ArrayList<>();
        private CountDownLatch together = new CountDownLatch(0);
        private boolean broken;

        private StatusSink sink() {
            return new ApiClientSink(client);
        }

        @Override
        public Optional<ObjectNode> find(ObjectKey key) {
            return sink().find(key);
        }

        @Override
        public Optional<ObjectNode> write(ObjectNode object, ObjectNode status) {
            if (broken) {
                throw new IllegalStateException("broken");
            }
            if (Trees.text(object, "kind").equals("HTTPRoute")) {
                meet();
            }
            return sink().write(object, status);
        }

        private void meet() {
            together.countDown();
            try {
                assertThat(together.await(10, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void record(ObjectNode event) {
            events.add(
                    Trees.text(event, "type")
                            + " "
                            + Trees.text(event, "involvedObject", "kind")
                            + " "
                            + Trees.text(event, "message"));
            sink().record(event);
        }
    }

    private ObjectNode apply(String yaml) {
        ObjectNode object = Yaml.parseAll(yaml).getFirst();
        Optional<ObjectNode> present =
                client.get(
                        Trees.text(object, "apiVersion"),
                        Trees.text(object, "kind"),
                        Trees.namespace(object),
                        Trees.name(object));
        present.ifPresent(old -> {
            Trees.metadata(object).put("resourceVersion", version(old));
            object.set("status", old.path("status"));
        });
        ObjectNode stored = present.isPresent() ? client.update(object) : client.create(object);
        live.put(stored);
        touched.add(LiveObjects.keyOf(stored));
        return stored;
    }

    private static String version(ObjectNode object) {
        return Trees.text(object, "metadata", "resourceVersion");
    }

    private void delete(ObjectNode object) {
        client.delete(object, DeleteOptions.PLAIN);
        live.remove(object);
        touched.add(LiveObjects.keyOf(object));
    }

    private StatusWriter.Pass write() throws InterruptedException {
        compilation = SnapshotCompiler.compile(live.objects(), options(), compilation);
        Set<ObjectKey> heard = Set.copyOf(touched);
        touched.clear();
        return writer.write(compilation.statusByObject(), live.objects(), heard);
    }

    private static CompileOptions options() {
        return new CompileOptions(
                _ -> true,
                true,
                _ -> "127.0.0.1",
                0,
                1 << 20,
                0,
                CompileOptions.Replicas.NONE,
                _ -> List.of(),
                (_, _) -> new Origin("kubectl", 0));
    }

    private JsonNode status(ObjectNode object) {
        return client.get(
                        Trees.text(object, "apiVersion"),
                        Trees.text(object, "kind"),
                        Trees.namespace(object),
                        Trees.name(object))
                .orElseThrow()
                .path("status");
    }

    private static String condition(JsonNode conditions, String type) {
        for (JsonNode condition : conditions) {
            if (Trees.text(condition, "type").equals(type)) {
                return Trees.text(condition, "status")
                        + "/"
                        + Trees.text(condition, "reason")
                        + "/"
                        + Trees.at(condition, "observedGeneration").asInt();
            }
        }
        return "";
    }

    @Test
    void writesTheStatusOfEveryKindOnceAndNothingAtRest() throws InterruptedException {
        ObjectNode gatewayClass = apply(CLASS);
        ObjectNode gateway = apply(GATEWAY);
        ObjectNode pool = apply(POOL);
        ObjectNode route = apply(ROUTE);

        assertThat(write().writes()).isEqualTo(4);
        assertThat(write().writes()).isZero();

        assertThat(condition(status(gatewayClass).path("conditions"), "Accepted"))
                .isEqualTo("True/Accepted/1");
        assertThat(status(gatewayClass).path("supportedFeatures").findValuesAsText("name"))
                .contains("Gateway", "HTTPRoute")
                .isSorted();
        JsonNode its = status(gateway);
        assertThat(condition(its.path("conditions"), "Programmed")).isEqualTo("True/Programmed/1");
        assertThat(its.path("addresses").findValuesAsText("value")).containsExactly("127.0.0.1");
        JsonNode listener = its.path("listeners").get(0);
        assertThat(listener.path("attachedRoutes").asInt()).isOne();
        assertThat(listener.path("supportedKinds").findValuesAsText("kind"))
                .containsExactly("HTTPRoute");
        assertThat(condition(listener.path("conditions"), "Conflicted"))
                .isEqualTo("False/NoConflicts/1");
        JsonNode parent = status(pool).path("parents").get(0);
        assertThat(parent.path("parentRef").path("namespace").asText()).isEqualTo("default");
        assertThat(condition(parent.path("conditions"), "Accepted")).isEqualTo("True/Accepted/1");
        assertThat(condition(parent.path("conditions"), "Ready"))
                .isEqualTo("False/NoEndpointsReady/1");
        assertThat(parent.path("conditions").findValuesAsText("message"))
                .contains("0/0 endpoints ready");
        JsonNode routes = status(route).path("parents").get(0);
        assertThat(routes.path("controllerName").asText()).isEqualTo("weir.dev/gateway-controller");
        assertThat(condition(routes.path("conditions"), "ResolvedRefs"))
                .isEqualTo("True/ResolvedRefs/1");
    }

    @Test
    void keepsTheTimeOfAConditionUntilItsStatusChanges() throws InterruptedException {
        apply(CLASS);
        apply(GATEWAY);
        ObjectNode pool = apply(POOL);
        ObjectNode route = apply(ROUTE);
        write();
        now = now.plusSeconds(60);

        apply(ROUTE.replace("spec:", "spec:\n  hostnames: [a.example.com]"));
        write();

        JsonNode parent = status(route).path("parents").get(0);
        assertThat(condition(parent.path("conditions"), "Accepted")).isEqualTo("True/Accepted/2");
        assertThat(parent.path("conditions").findValuesAsText("lastTransitionTime"))
                .containsOnly("2026-01-31T12:00:00Z");

        delete(pool);
        write();

        parent = status(route).path("parents").get(0);
        assertThat(condition(parent.path("conditions"), "ResolvedRefs"))
                .isEqualTo("False/BackendNotFound/2");
        assertThat(parent.path("conditions").findValuesAsText("lastTransitionTime"))
                .containsExactlyInAnyOrder("2026-01-31T12:00:00Z", "2026-01-31T12:01:00Z");
    }

    @Test
    void leavesEntriesOfOtherControllersAloneAndRemovesOurs() throws InterruptedException {
        apply(CLASS);
        ObjectNode gateway = apply(GATEWAY);
        ObjectNode pool = apply(POOL);
        ObjectNode route = apply(ROUTE);
        ObjectNode foreign = Trees.object();
        foreign.put("controllerName", "example.com/other")
                .putObject("parentRef")
                .put("name", "inference-gateway");
        foreign.putArray("conditions")
                .addObject()
                .put("type", "Accepted")
                .put("status", "True")
                .put("reason", "Accepted")
                .put("message", "")
                .put("lastTransitionTime", "2026-01-01T00:00:00Z");
        ObjectNode status = Trees.object();
        status.putArray("parents").add(foreign);
        live.put(client.setStatus(route, status));
        write();
        assertThat(status(route).path("parents").findValuesAsText("controllerName"))
                .containsExactly("example.com/other", "weir.dev/gateway-controller");

        delete(gateway);
        write();

        assertThat(status(route).path("parents").findValuesAsText("controllerName"))
                .containsExactly("example.com/other");
        assertThat(status(pool).path("parents")).isEmpty();
        assertThat(write().writes()).isZero();
    }

    @Test
    void putsBackWhatSomebodyElseChanged() throws InterruptedException {
        ObjectNode gatewayClass = apply(CLASS);
        write();
        client.setStatus(gatewayClass, Trees.object());
        touched.add(LiveObjects.keyOf(gatewayClass));

        assertThat(write().writes()).isOne();
        assertThat(condition(status(gatewayClass).path("conditions"), "Accepted"))
                .isEqualTo("True/Accepted/1");
    }

    @Test
    void tellsWhyARewriteDoesNotCountAndWhoWins() throws InterruptedException {
        apply(POOL);
        ObjectNode first = apply(REWRITE.formatted("first"));
        ObjectNode second = apply(REWRITE.formatted("second"));
        write();

        assertThat(condition(status(first).path("conditions"), "Accepted"))
                .isEqualTo("True/Accepted/1");
        assertThat(condition(status(second).path("conditions"), "Accepted"))
                .isEqualTo("False/Overlapped/1");
        assertThat(status(second).path("conditions").findValuesAsText("message"))
                .anySatisfy(message ->
                        assertThat(message).contains("InferenceModelRewrite default/first wins"));
    }

    @Test
    void tellsOfARewriteWhosePoolIsUnknown() throws InterruptedException {
        ObjectNode rewrite = apply(REWRITE.formatted("lost"));
        write();

        assertThat(condition(status(rewrite).path("conditions"), "Accepted"))
                .isEqualTo("False/PoolNotFound/1");
    }

    @Test
    void recordsAnEventWhenSomethingBecomesBadAndWhenItIsGoodAgain() throws InterruptedException {
        apply(CLASS);
        apply(GATEWAY);
        ObjectNode pool = apply(POOL);
        apply(ROUTE);
        write();
        sink.events.clear();

        delete(pool);
        write();
        apply(POOL);
        write();

        assertThat(sink.events)
                .anySatisfy(event ->
                        assertThat(event)
                                .startsWith(
                                        "Warning HTTPRoute Gateway default/inference-gateway:"
                                                + " ResolvedRefs is False"))
                .anySatisfy(event ->
                        assertThat(event)
                                .startsWith(
                                        "Normal HTTPRoute Gateway default/inference-gateway:"
                                                + " ResolvedRefs is True"));
        assertThat(client.list("v1", "Event", "default")).isNotEmpty();
    }

    @Test
    void writesThePlaceholderOfAnExperimentalPoolThatNobodyUses() throws InterruptedException {
        ObjectNode pool =
                apply(
                        """
                        apiVersion: inference.networking.x-k8s.io/v1alpha2
                        kind: InferencePool
                        metadata: {name: pool, namespace: default}
                        spec:
                          selector: {app: server}
                          targetPortNumber: 8000
                          extensionRef: {name: picker}
                        """);
        write();

        JsonNode parent = status(pool).path("parent").get(0);
        assertThat(parent.path("parentRef").path("kind").asText()).isEqualTo("Status");
        assertThat(sink.events).noneMatch(event -> event.contains("Waiting"));
    }

    @Test
    void writesOneChangeAmongAThousandRoutesWithinATenthOfASecond() throws InterruptedException {
        apply(CLASS);
        apply(GATEWAY);
        apply(POOL);
        for (int i = 0; i < 1000; i++) {
            apply(ROUTE.replace("llm-route", "route-" + i));
        }
        assertThat(write().writes()).isEqualTo(1003);
        long fastest = Long.MAX_VALUE;
        for (int i = 500; i < 505; i++) {
            apply(ROUTE.replace("llm-route", "route-" + i).replace("name: pool", "name: absent"));
            compilation = SnapshotCompiler.compile(live.objects(), options(), compilation);
            long begin = System.nanoTime();
            StatusWriter.Pass pass =
                    writer.write(compilation.statusByObject(), live.objects(), Set.of());
            fastest = Math.min(fastest, System.nanoTime() - begin);
            assertThat(pass.writes()).isOne();
        }

        // The fastest, since others may use the machine.
        assertThat(Duration.ofNanos(fastest)).isLessThan(Duration.ofMillis(100));
    }

    @Test
    void writesManyStatusesSideBySide() throws Exception {
        apply(CLASS);
        apply(GATEWAY);
        apply(POOL);
        for (int i = 0; i < 8; i++) {
            apply(ROUTE.replace("llm-route", "route-" + i));
        }
        sink.together = new CountDownLatch(4);

        // Four writes that wait for each other end only when they run at the same time.
        assertThat(write()).isEqualTo(new StatusWriter.Pass(11, 0));
        assertThat(write().writes()).isZero();
    }

    @Test
    void writesLaterWhatCouldNotBeWritten() throws Exception {
        apply(CLASS);
        apply(GATEWAY);
        apply(POOL);
        apply(ROUTE);
        sink.broken = true;
        assertThat(write()).isEqualTo(new StatusWriter.Pass(0, 4));

        sink.broken = false;
        assertThat(write()).isEqualTo(new StatusWriter.Pass(4, 0));
    }

    @Test
    void recordsNoFloodOfEvents() throws Exception {
        apply(CLASS);
        apply(GATEWAY);
        apply(POOL);
        for (int i = 0; i < 2 * EventBudget.BURST; i++) {
            apply(ROUTE.replace("llm-route", "route-" + i));
        }
        write();
        assertThat(sink.events).hasSize(EventBudget.BURST);

        now = now.plusSeconds(1);
        for (int i = 0; i < EventBudget.BURST; i++) {
            apply(ROUTE.replace("llm-route", "route-" + i).replace("name: pool", "name: absent"));
        }
        write();
        assertThat(sink.events).hasSize(EventBudget.BURST + 20);
    }
}

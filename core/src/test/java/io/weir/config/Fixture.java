package io.weir.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.picker.Endpoint;
import io.weir.resource.Deployment;
import io.weir.resource.ObjectSet;
import io.weir.resource.Origin;
import io.weir.resource.PodSpec.Container;
import io.weir.resource.Problem;
import io.weir.resource.manifest.LoadResult;
import io.weir.resource.manifest.ManifestLoader;
import io.weir.resource.manifest.SourceText;
import io.weir.routing.Backend;
import io.weir.routing.RouteBackend;
import io.weir.routing.RouteMatch;
import io.weir.routing.RouteRule;
import io.weir.routing.TestHead;

import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Manifests as text, compiled. */
final class Fixture {

    static final long BODY_LIMIT = 1000;
    static final long TIMEOUT_MILLIS = 15_000;

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private Fixture() {}

    /** A Gateway with one HTTP listener on port 80. */
    static final String GATEWAY =
            """
            apiVersion: gateway.networking.k8s.io/v1
            kind: Gateway
            metadata: {name: gw}
            spec:
              gatewayClassName: weir
              listeners:
              - {name: http, port: 80, protocol: HTTP}
            """;

    /** A route to a pool for every path. */
    static String route(String name, String pool) {
        return """
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: {name: %s}
        spec:
          parentRefs: [{name: gw}]
          rules:
          - backendRefs: [{group: inference.networking.k8s.io, kind: InferencePool, name: %s}]
        """
                .formatted(name, pool);
    }

    /** A pool of version 1. */
    static String pool(String name) {
        return """
        apiVersion: inference.networking.k8s.io/v1
        kind: InferencePool
        metadata: {name: %s}
        spec:
          selector: {matchLabels: {app: %s}}
          targetPorts: [{number: 8000}]
        """
                .formatted(name, name);
    }

    /** A pool of version 1alpha2. */
    static String experimentalPool(String name) {
        return """
        apiVersion: inference.networking.x-k8s.io/v1alpha2
        kind: InferencePool
        metadata: {name: %s}
        spec:
          selector: {app: %s}
          targetPortNumber: 8000
          extensionRef: {name: %s-epp}
        """
                .formatted(name, name, name);
    }

    /** A ready Pod with label app. */
    static String pod(String name, String app, String address) {
        return """
        apiVersion: v1
        kind: Pod
        metadata: {name: %s, labels: {app: %s}}
        spec: {containers: [{name: c, image: vllm, ports: [{name: http, containerPort: 8000}]}]}
        status: {podIP: %s}
        """
                .formatted(name, app, address);
    }

    static Compilation compile(String... documents) {
        return compile(options(), documents);
    }

    static Compilation compile(CompileOptions options, String... documents) {
        return SnapshotCompiler.compile(objects(documents), options);
    }

    /** Loads documents, none of which may be refused; later ones are younger by a second. */
    static ObjectSet objects(String... documents) {
        ObjectSet objects = ObjectSet.EMPTY;
        Instant created = START;
        for (String document : documents) {
            var loader = new ManifestLoader(Clock.fixed(created, ZoneOffset.UTC));
            var text = SourceText.of("test.yaml", document);
            LoadResult loaded = loader.loadTexts(List.of(text), LoadResult.EMPTY);
            assertThat(loaded.hasErrors()).as("%s", loaded.problems()).isFalse();
            objects = objects.with(loaded.objects().all());
            created = created.plusSeconds(1);
        }
        return objects;
    }

    /** Options of one machine: three simulated replicas for Deployments of image "simulator". */
    static CompileOptions options() {
        return new CompileOptions(
                gatewayClass -> !gatewayClass.controllerName().startsWith("other/"),
                true,
                gateway -> "127.0.0.1",
                0,
                BODY_LIMIT,
                TIMEOUT_MILLIS,
                Fixture::replicas,
                pool -> List.of(),
                (key, field) -> new Origin("", 0));
    }

    private static List<Endpoint> replicas(Deployment deployment, int targetPort) {
        Container container = deployment.podSpec().containers().getFirst();
        boolean listens = container.ports().stream().allMatch(port -> port.port() == targetPort);
        if (!container.image().equals("simulator") || targetPort != 8000 || !listens) {
            return List.of();
        }
        List<Endpoint> replicas = new ArrayList<>();
        for (int i = 0; i < deployment.replicas(); i++) {
            String pod = deployment.metadata().name() + "-" + i;
            int port = 40_000 + Math.floorMod(pod.hashCode(), 10_000);
            replicas.add(
                    new Endpoint("default/" + pod, pod, "127.0.0.1", port, deployment.podLabels()));
        }
        return replicas;
    }

    static Listener listener(Compilation compilation) {
        assertThat(compilation.snapshot().servers()).hasSize(1);
        return compilation.snapshot().servers().getFirst().listeners().getFirst();
    }

    static @Nullable RouteRule rule(Compilation compilation, TestHead head) {
        RouteMatch match = listener(compilation).routes().match(head);
        return match == null ? null : match.rule();
    }

    /** Returns the rule for GET /. */
    static RouteRule rule(Compilation compilation) {
        return Objects.requireNonNull(rule(compilation, TestHead.get("/")));
    }

    /** Returns the only backend of the rule for GET /. */
    static Backend backend(Compilation compilation) {
        List<RouteBackend> backends = rule(compilation).backends().items();
        assertThat(backends).hasSize(1);
        return backends.getFirst().backend();
    }

    static List<String> authorities(Backend backend) {
        return backend.endpoints().stream().map(Endpoint::authority).toList();
    }

    static Status status(Compilation compilation, String kind, String name) {
        Optional<Status> found =
                compilation.statuses().stream()
                        .filter(status -> status.object().kind().equals(kind))
                        .filter(status -> status.object().name().equals(name))
                        .findFirst();
        return found.orElseThrow(() -> new AssertionError("no status of " + kind + " " + name));
    }

    /** Returns conditions as {@code Type=True/Reason}. */
    static List<String> words(List<StatusCondition> conditions) {
        return conditions.stream().map(c -> c.type() + "=" + c.value() + "/" + c.reason()).toList();
    }

    /** Returns the conditions of the first parent. */
    static List<String> parentWords(Compilation compilation, String kind, String name) {
        return words(status(compilation, kind, name).parents().getFirst().conditions());
    }

    static List<String> problems(Compilation compilation) {
        return compilation.problems().stream().map(Problem::toString).toList();
    }
}

package io.weir.resource.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.resource.Gateway;
import io.weir.resource.HttpRoute;
import io.weir.resource.ObjectKey;
import io.weir.resource.ObjectName;
import io.weir.resource.Origin;
import io.weir.resource.Problem;
import io.weir.resource.Resource;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;

class ManifestLoaderTest {

    private static final String GATEWAY =
            """
            apiVersion: gateway.networking.k8s.io/v1
            kind: Gateway
            metadata:
              name: %s
            spec:
              gatewayClassName: weir
              listeners:
              - {name: http, port: %s, protocol: HTTP}
            """;

    private static final ObjectKey A =
            new ObjectKey("gateway.networking.k8s.io", "Gateway", "default", "a");

    @TempDir Path folder;

    private final ManifestLoader loader = ManifestTesting.loader();

    @Test
    void aMapInsteadOfAListShowsTheLineThatMendsIt() {
        String text =
                """
                apiVersion: gateway.networking.k8s.io/v1
                kind: HTTPRoute
                metadata:
                  name: llm-route
                spec:
                  parentRefs:
                  - name: inference-gateway
                  rules:
                    backendRefs:
                    - group: inference.networking.x-k8s.io
                      kind: InferencePool
                      name: llm-pool-v1
                      weight: 90
                """;
        assertThat(ManifestTesting.problems(text))
                .containsExactly(
                        "file.yaml:9: HTTPRoute default/llm-route spec.rules: a map (expected: a list"
                                + " of rules; write \"  - backendRefs:\" instead of \""
                                + "    backendRefs:\")");

        String mended = text.replace("    backendRefs:", "  - backendRefs:");
        HttpRoute route = ManifestTesting.one(HttpRoute.class, mended);
        assertThat(route.rules().getFirst().backendRefs().getFirst().weight()).isEqualTo(90);
    }

    @Test
    void readsFilesAndFoldersButNotHiddenOnes() throws IOException {
        Files.writeString(folder.resolve("a.yaml"), GATEWAY.formatted("a", 80));
        Files.writeString(folder.resolve(".b.yaml"), GATEWAY.formatted("b", 80));
        Files.writeString(folder.resolve("notes.txt"), "nothing of interest");
        Path inner = Files.createDirectories(folder.resolve("inner"));
        Files.writeString(inner.resolve("c.yml"), GATEWAY.formatted("c", 80));
        Path deeper = Files.createDirectories(inner.resolve("deeper"));
        Files.writeString(deeper.resolve("d.yml"), GATEWAY.formatted("d", 80));
        Path other = Files.createDirectories(folder.resolve(".hidden"));
        Files.writeString(other.resolve("e.yaml"), GATEWAY.formatted("e", 80));

        LoadResult result = loader.load(List.of(folder));

        assertThat(result.problems()).isEmpty();
        assertThat(names(result)).containsExactly("default/a", "default/c");
    }

    @Test
    void tellsWhichFileIsMissing() {
        LoadResult result = loader.load(List.of(folder.resolve("none.yaml"), folder));
        assertThat(result.problems())
                .extracting(Problem::toString)
                .containsExactly(
                        folder.resolve("none.yaml") + ": no such file",
                        folder + ": no manifests (expected: *.yaml, *.yml or *.json files)");
        assertThat(result.hasErrors()).isTrue();
    }

    @Test
    void anObjectDefinedTwiceIsAProblemThatNamesBothPlaces() {
        LoadResult result =
                load(
                        SourceText.of("one.yaml", GATEWAY.formatted("a", 80)),
                        SourceText.of("two.yaml", "---\n" + GATEWAY.formatted("a", 81)));

        assertThat(result.problems())
                .extracting(Problem::toString)
                .containsExactly(
                        "two.yaml:2: Gateway default/a: defined again, first at one.yaml:1"
                                + " (expected: once; the first is used)");
        assertThat(portOf(result)).isEqualTo(80);
    }

    @Test
    void aBadDocumentDoesNotHideTheOthers() {
        String text =
                GATEWAY.formatted("a", 80)
                        + "---\nkind: [\n---\n"
                        + GATEWAY.formatted("b", 70_000)
                        + "---\n"
                        + GATEWAY.formatted("c", 80);
        LoadResult result = ManifestTesting.load(text);
        assertThat(names(result)).containsExactly("default/a", "default/c");
        assertThat(result.problems()).hasSize(2);
    }

    @Test
    void anObjectThatIsRefusedOnReloadStaysAsItWas() {
        LoadResult first = load(SourceText.of("a.yaml", GATEWAY.formatted("a", 80)));
        LoadResult second =
                loader.loadTexts(
                        List.of(SourceText.of("a.yaml", GATEWAY.formatted("a", 0))), first);

        assertThat(portOf(second)).isEqualTo(80);
        assertThat(second.problems())
                .extracting(Problem::toString)
                .containsExactly(
                        "a.yaml:8: Gateway default/a spec.listeners[0].port: 0"
                                + " (expected: 1..65535)",
                        "a.yaml:1: warning: Gateway default/a: stays as it was loaded before");
    }

    @Test
    void objectsOfAFileThatBecomesUnreadableStay() {
        LoadResult first = load(SourceText.of("a.yaml", GATEWAY.formatted("a", 80)));
        LoadResult second =
                loader.loadTexts(List.of(SourceText.of("a.yaml", "apiVersion: \"gate")), first);
        assertThat(names(second)).containsExactly("default/a");

        LoadResult third = loader.loadTexts(List.of(SourceText.of("a.yaml", "")), second);
        assertThat(names(third)).isEmpty();
    }

    @Test
    void anObjectKeepsTheTimeAtWhichItWasFirstSeen() {
        LoadResult first = load(SourceText.of("a.yaml", GATEWAY.formatted("a", 80)));
        Instant later = ManifestTesting.NOW.plusSeconds(60);
        LoadResult second =
                new ManifestLoader(Clock.fixed(later, ZoneOffset.UTC))
                        .loadTexts(
                                List.of(
                                        SourceText.of("a.yaml", GATEWAY.formatted("a", 81)),
                                        SourceText.of("b.yaml", GATEWAY.formatted("b", 82))),
                                first);

        assertThat(second.objects().all())
                .extracting(resource -> resource.metadata().createdAt())
                .containsExactly(ManifestTesting.NOW, later);
        assertThat(portOf(second)).isEqualTo(81);
    }

    @Test
    void kindsThatAreNotReadAreSkippedWithARemark() {
        LoadResult result =
                ManifestTesting.load(
                        """
                        apiVersion: rbac.authorization.k8s.io/v1
                        kind: ClusterRole
                        metadata:
                          name: pod-read
                        """);
        assertThat(result.problems()).isEmpty();
        assertThat(result.skipped())
                .extracting(skipped -> skipped.remark().toString())
                .containsExactly(
                        "file.yaml:1: warning: ClusterRole pod-read:"
                                + " rbac.authorization.k8s.io/v1 is not read by Weir (left out)");
    }

    @Test
    void theLineOfAnyFieldCanBeAskedForLater() {
        LoadResult result = load(SourceText.of("a.yaml", GATEWAY.formatted("a", 80)));
        assertThat(result.origin(A, "spec.listeners[0].port")).isEqualTo(new Origin("a.yaml", 8));
        assertThat(result.origin(A, "spec.gatewayClassName")).isEqualTo(new Origin("a.yaml", 6));
        assertThat(result.origin(A, "spec.addresses[3]")).isEqualTo(new Origin("a.yaml", 5));
    }

    private LoadResult load(SourceText... texts) {
        return loader.loadTexts(List.of(texts), LoadResult.EMPTY);
    }

    private static int portOf(LoadResult result) {
        return result.objects()
                .find(Gateway.class, new ObjectName("default", "a"))
                .orElseThrow()
                .listeners()
                .getFirst()
                .port();
    }

    private static List<String> names(LoadResult result) {
        return result.objects().all().stream()
                .map(Resource::metadata)
                .map(metadata -> metadata.objectName().toString())
                .toList();
    }
}

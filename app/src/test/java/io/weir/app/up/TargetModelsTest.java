package io.weir.app.up;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.config.Compilation;
import io.weir.config.CompileOptions;
import io.weir.config.SnapshotCompiler;
import io.weir.config.Status;
import io.weir.config.StatusCondition;
import io.weir.picker.Endpoint;
import io.weir.picker.EndpointSnapshot;
import io.weir.picker.EndpointSnapshot.ServedModel;
import io.weir.picker.PickRequest;
import io.weir.picker.PickResult;
import io.weir.picker.PickerSettings;
import io.weir.picker.PoolPicker;
import io.weir.resource.Origin;
import io.weir.resource.manifest.LoadResult;
import io.weir.resource.manifest.ManifestLoader;
import io.weir.resource.manifest.SourceText;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

class TargetModelsTest {

    private static final String MANIFESTS =
            """
            apiVersion: inference.networking.k8s.io/v1
            kind: InferencePool
            metadata: {name: pool}
            spec:
              selector: {matchLabels: {app: vllm}}
              targetPorts: [{number: 8000}]
            ---
            apiVersion: inference.networking.x-k8s.io/v1alpha2
            kind: InferenceModelRewrite
            metadata: {name: canary}
            spec:
              poolRef: {name: pool}
              rules:
              - matches: [{model: {value: food}}]
                targets: [{modelRewrite: food-1, weight: 9}, {modelRewrite: food-2, weight: 1}]
              - targets: [{modelRewrite: llama}]
            ---
            apiVersion: inference.networking.x-k8s.io/v1alpha2
            kind: InferenceModelRewrite
            metadata: {name: shadowed}
            spec:
              poolRef: {name: pool}
              rules: [{matches: [{model: {value: food}}], targets: [{modelRewrite: nonsense}]}]
            ---
            apiVersion: inference.networking.x-k8s.io/v1alpha2
            kind: InferenceModel
            metadata: {name: same}
            spec:
              modelName: qwen
              poolRef: {name: pool, group: inference.networking.k8s.io}
            """;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "llama food-1 food-2 qwen | llama | canary | ResolvedRefs=TRUE/ResolvedRefs",
                "llama food-1 | llama food-2 | canary | ResolvedRefs=TRUE/ResolvedRefs",
                "llama food-1 | llama | canary | ResolvedRefs=FALSE/UnknownTargetModel",
                "food-1 | food-2 | canary | ResolvedRefs=FALSE/UnknownTargetModel",
                "llama food-1 | '' | canary | ''",
                "llama qwen | llama | same | ResolvedRefs=TRUE/ResolvedRefs",
                "llama | llama | same | ResolvedRefs=FALSE/UnknownTargetModel",
                "llama food-1 | llama food-2 | shadowed | ''"
            })
    void targetsAreKnownWhenSomeEndpointServesThem(
            String one, String other, String name, String condition) {
        List<String> words = new ArrayList<>();
        status(name, one, other).conditions().stream()
                .filter(found -> found.type().equals("ResolvedRefs"))
                .forEach(found ->
                        words.add(found.type() + "=" + found.value() + "/" + found.reason()));

        assertThat(words).isEqualTo(condition.isEmpty() ? List.of() : List.of(condition));
    }

    @ParameterizedTest
    @CsvSource({"llama food-1, llama"})
    void theMessageNamesWhatIsMissingAndWhatIsThere(String one, String other) {
        StatusCondition condition = status("canary", one, other).conditions().getLast();

        assertThat(condition.message())
                .isEqualTo(
                        "food-2 (expected: what endpoints of InferencePool default/pool serve:"
                                + " food-1, llama)");
    }

    private static Status status(String name, String... models) {
        Compilation compiled = compiled();
        TargetModels targets =
                new TargetModels(
                        _ -> new Telling(List.of(models)), () -> compiled.snapshot().pools());
        return targets.apply(compiled.statusByObject()).values().stream()
                .filter(status -> status.object().name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Compilation compiled() {
        LoadResult loaded =
                new ManifestLoader(Clock.systemUTC())
                        .loadTexts(
                                List.of(SourceText.of("test.yaml", MANIFESTS)), LoadResult.EMPTY);
        assertThat(loaded.problems()).isEmpty();
        return SnapshotCompiler.compile(
                loaded.objects(),
                new CompileOptions(
                        _ -> true,
                        true,
                        _ -> "127.0.0.1",
                        0,
                        1000,
                        0,
                        CompileOptions.Replicas.NONE,
                        _ -> List.of(),
                        (_, _) -> new Origin("", 0)));
    }

    /** Endpoints that tell the models they serve, words of a text each. */
    private record Telling(List<String> served) implements PoolPicker {

        @Override
        public List<EndpointSnapshot> endpoints() {
            return served.stream().map(Telling::endpoint).toList();
        }

        private static EndpointSnapshot endpoint(String models) {
            Endpoint endpoint = new Endpoint("e", "", "127.0.0.1", 8000, Map.of());
            List<ServedModel> served =
                    models.isEmpty()
                            ? List.of()
                            : List.of(models.split(" ", -1)).stream()
                                    .map(id -> new ServedModel(id, ""))
                                    .toList();
            return new EndpointSnapshot(
                    endpoint, 0, 0, 0, 0, 0, served, Set.of(), Set.of(), 0, 0, true);
        }

        @Override
        public PickResult pick(PickRequest request) {
            throw new AssertionError("nothing is to be picked");
        }

        @Override
        public void update(List<Endpoint> endpoints, PickerSettings settings) {
            throw new AssertionError("nothing is to be changed");
        }
    }
}

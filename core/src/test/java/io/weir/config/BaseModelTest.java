package io.weir.config;

import static io.weir.config.Fixture.GATEWAY;
import static io.weir.config.Fixture.compile;
import static io.weir.config.Fixture.listener;
import static io.weir.config.Fixture.pod;
import static io.weir.config.Fixture.pool;
import static io.weir.config.Fixture.problems;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.model.BaseModels;
import io.weir.picker.EndpointSnapshot.ServedModel;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Set;

class BaseModelTest {

    @Test
    void bothLabelsAndEveryNamespaceCount() {
        BaseModels models =
                models(
                        map("a", "", "base-a", "- x\n- ' y '\n-\n"),
                        map("b", ", namespace: other", " base-b ", "[z]")
                                .replace(
                                        "inference.networking.k8s.io/bbr-managed",
                                        "inference.llm-d.ai/ipp-managed"),
                        map("c", "", "base-c", "- q").replace("\"true\"", "\"false\""));
        assertThat(models.lookup("x")).isEqualTo("base-a");
        assertThat(models.lookup("y")).isEqualTo("base-a");
        assertThat(models.lookup("z")).isEqualTo("base-b");
        assertThat(models.lookup("base-b")).isEqualTo("base-b");
        assertThat(models.lookup("X")).isNull();
        assertThat(models.lookup("q")).isNull();
        assertThat(models.baseModels()).containsExactlyInAnyOrder("base-a", "base-b");
    }

    @Test
    void severalMapsMayShareABaseModel() {
        BaseModels models = models(map("a", "", "base", "- x"), map("b", "", "base", "- x\n- y"));
        assertThat(models.lookup("x")).isEqualTo("base");
        assertThat(models.lookup("y")).isEqualTo("base");
    }

    @Test
    void adaptersMayBeAbsent() {
        assertThat(models(map("a", "", "base", "")).baseModels()).containsExactly("base");
    }

    @Test
    void anAdapterOfTwoBaseModelsBelongsToTheOlderMap() {
        Compilation compiled =
                compile(GATEWAY, map("z", "", "one", "- x"), map("a", "", "two", "- x"));
        assertThat(listener(compiled).baseModels().lookup("x")).isEqualTo("one");
        assertThat(problems(compiled))
                .singleElement()
                .asString()
                .contains("warning: ConfigMap default/a data.adapters: x")
                .contains("ConfigMap default/z, one, wins");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{a: b}", "just text", "[a, [b]]", "[unclosed", "- !!java.io.File x"})
    void adaptersThatAreNoListOfNamesAreRefused(String adapters) {
        Compilation compiled = compile(GATEWAY, map("a", "", "base", adapters));
        assertThat(listener(compiled).baseModels()).isEqualTo(BaseModels.EMPTY);
        assertThat(problems(compiled))
                .singleElement()
                .asString()
                .contains("data.adapters: not a list");
    }

    @Test
    void aMapWithoutBaseModelIsRefused() {
        Compilation compiled = compile(GATEWAY, map("a", "", "", "- x"));
        assertThat(problems(compiled))
                .singleElement()
                .asString()
                .contains("data.baseModel: absent");
    }

    @Test
    void modelsOfAListenerAreThoseOfItsEndpointsItsRulesAndItsAliases() {
        Compilation compiled =
                compile(
                        GATEWAY,
                        pool("a"),
                        pod("p", "a", "10.0.0.1"),
                        map("m1", "", "meta/llama", "- food-review-1"),
                        map("m2", "", "deepseek", "- ski-resorts"),
                        map("m3", "", "served", "- served-adapter"),
                        """
                        apiVersion: llm-d.ai/v1alpha2
                        kind: InferenceModelRewrite
                        metadata: {name: r}
                        spec:
                          poolRef: {name: a}
                          rules: [{matches: [{model: {value: chat}}], targets: [{modelRewrite: x}]}]
                        """,
                        """
                        apiVersion: gateway.networking.k8s.io/v1
                        kind: HTTPRoute
                        metadata: {name: r}
                        spec:
                          parentRefs: [{name: gw}]
                          rules:
                          - matches: [{headers: [{name: X-Gateway-Base-Model-Name, value: meta/llama}]}]
                            backendRefs: [{group: inference.networking.k8s.io, kind: InferencePool, name: a}]
                        """);
        List<ServedModel> models =
                listener(compiled)
                        .models()
                        .list(endpoint ->
                                Set.of(
                                        new ServedModel("served", ""),
                                        new ServedModel("lora", "served")));
        assertThat(models)
                .containsExactly(
                        new ServedModel("chat", ""),
                        new ServedModel("meta/llama", ""),
                        new ServedModel("served", ""),
                        new ServedModel("food-review-1", "meta/llama"),
                        new ServedModel("lora", "served"),
                        new ServedModel("served-adapter", "served"));
    }

    private static BaseModels models(String... maps) {
        String[] documents = new String[maps.length + 1];
        documents[0] = GATEWAY;
        System.arraycopy(maps, 0, documents, 1, maps.length);
        return listener(compile(documents)).baseModels();
    }

    private static String map(String name, String namespace, String base, String adapters) {
        return """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: %s%s, labels: {inference.networking.k8s.io/bbr-managed: "true"}}
        data:
          baseModel: "%s"
          adapters: |
        %s
        """
                .formatted(name, namespace, base, adapters.indent(4));
    }
}

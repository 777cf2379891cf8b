package io.weir.config;

import static io.weir.config.Fixture.compile;
import static io.weir.config.Fixture.experimentalPool;
import static io.weir.config.Fixture.pool;
import static io.weir.config.Fixture.problems;
import static io.weir.config.Fixture.status;
import static io.weir.config.Fixture.words;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.model.ModelRewrites;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

class RewriteTest {

    @ParameterizedTest
    @ValueSource(
            strings = {"inference.networking.x-k8s.io", "inference.networking.k8s.io", "llm-d.ai"})
    void anAliasIsRewrittenToItsTarget(String group) {
        Compilation compiled =
                compile(
                        pool("a"),
                        rewrite("r", alias("{modelRewrite: llama}"))
                                .replaceFirst("llm-d.ai", group));
        assertThat(target(compiled, "chat")).isEqualTo("llama");
        assertThat(rewrites(compiled).ruleFor("other")).isNull();
        assertThat(rewrites(compiled).ruleFor(null)).isNull();
        assertThat(rewrites(compiled).aliases()).containsExactly("chat");
        assertThat(words(status(compiled, "InferenceModelRewrite", "r").conditions()))
                .containsExactly("Accepted=TRUE/Accepted");
        assertThat(problems(compiled)).isEmpty();
    }

    @Test
    void severalMatchesOfARuleAreAlternatives() {
        Compilation compiled =
                compile(
                        pool("a"),
                        rewrite(
                                "r",
                                "{matches: [{model: {value: x}}, {model: {value: w}}],"
                                        + " targets: [{modelRewrite: llama}]}"));
        assertThat(target(compiled, "x")).isEqualTo("llama");
        assertThat(target(compiled, "w")).isEqualTo("llama");
    }

    @Test
    void anExactRuleOfAYoungerObjectBeatsAGenericOne() {
        Compilation compiled =
                compile(
                        pool("a"),
                        rewrite("generic", "{targets: [{modelRewrite: fallback}]}"),
                        rewrite("exact", alias("{modelRewrite: llama}")));
        assertThat(target(compiled, "chat")).isEqualTo("llama");
        assertThat(target(compiled, "anything")).isEqualTo("fallback");
        assertThat(target(compiled, null)).isEqualTo("fallback");
    }

    @Test
    void amongEqualsTheOlderObjectWinsAndTheYoungerIsTold() {
        Compilation compiled =
                compile(
                        pool("a"),
                        rewrite("z-older", alias("{modelRewrite: one}")),
                        rewrite("a-younger", alias("{modelRewrite: two}")));
        assertThat(target(compiled, "chat")).isEqualTo("one");
        Status younger = status(compiled, "InferenceModelRewrite", "a-younger");
        assertThat(words(younger.conditions()))
                .containsExactly("Accepted=FALSE/Overlapped", "Overlapped=TRUE/OlderObjectWins");
        assertThat(younger.conditions().getFirst().message())
                .contains("InferenceModelRewrite default/z-older wins");
        assertThat(problems(compiled))
                .singleElement()
                .asString()
                .contains("a-younger spec.rules[0]");
    }

    @Test
    void anObjectOfWhichSomethingIsInForceIsAccepted() {
        Compilation compiled =
                compile(
                        pool("a"),
                        rewrite("older", alias("{modelRewrite: one}")),
                        rewrite(
                                "younger",
                                alias("{modelRewrite: two}"),
                                "{targets: [{modelRewrite: three}]}"));
        assertThat(words(status(compiled, "InferenceModelRewrite", "younger").conditions()))
                .containsExactly("Accepted=TRUE/Accepted", "Overlapped=TRUE/OlderObjectWins");
        assertThat(target(compiled, "other")).isEqualTo("three");
    }

    @Test
    void amongObjectsOfOneAgeTheNameDecidesAndWithinOneTheOrder() {
        Compilation compiled =
                compile(
                        pool("a"),
                        rewrite("b", alias("{modelRewrite: b}"))
                                + "---\n"
                                + rewrite(
                                        "a",
                                        alias("{modelRewrite: first}"),
                                        alias("{modelRewrite: second}")));
        assertThat(target(compiled, "chat")).isEqualTo("first");
    }

    @Test
    void targetsAreChosenByWeight() {
        Compilation compiled =
                compile(
                        pool("a"),
                        rewrite(
                                "r",
                                alias(
                                        "{modelRewrite: v1, weight: 90}, {modelRewrite: v2, weight: 10}")));
        Map<String, Integer> counts = new HashMap<>();
        for (int i = 0; i < 1000; i++) {
            counts.merge(Objects.requireNonNull(target(compiled, "chat")), 1, Integer::sum);
        }
        assertThat(counts).isEqualTo(Map.of("v1", 900, "v2", 100));
    }

    @Test
    void modelsAreComparedByteForByte() {
        Compilation compiled = compile(pool("a"), rewrite("r", alias("{modelRewrite: llama}")));
        assertThat(rewrites(compiled).ruleFor("Chat")).isNull();
    }

    @Test
    void inferenceModelsSplitTheirModelAndTheOldestWins() {
        Compilation compiled =
                compile(
                        experimentalPool("a"),
                        model("first", "chat", "[{name: v1, weight: 90}, {name: v2, weight: 10}]"),
                        model("second", "chat", "[{name: v3}]"),
                        model("plain", "llama", "[]"));
        assertThat(target(compiled, "chat")).isIn("v1", "v2");
        assertThat(words(status(compiled, "InferenceModel", "second").conditions()))
                .containsExactly("Accepted=FALSE/ModelNameInUse");
        assertThat(words(status(compiled, "InferenceModel", "plain").conditions()))
                .containsExactly("Accepted=TRUE/Accepted");
        ModelRewrites.Rule plain = rewrites(compiled).ruleFor("llama");
        assertThat(plain).isNotNull();
        assertThat(target(compiled, "llama")).isNull();
        assertThat(rewrites(compiled).aliases()).containsExactlyInAnyOrder("chat", "llama");
    }

    @Test
    void rewritesGoBeforeInferenceModelsThoughTheseBeOlder() {
        Compilation compiled =
                compile(
                        pool("a"),
                        model("older", "chat", "[{name: model}]"),
                        rewrite("younger", alias("{modelRewrite: rewrite}")));
        assertThat(target(compiled, "chat")).isEqualTo("rewrite");
        assertThat(words(status(compiled, "InferenceModel", "older").conditions()))
                .containsExactly("Accepted=FALSE/ModelNameInUse");
    }

    @Test
    void aPoolOfTheOtherGroupIsFoundWithAWarning() {
        Compilation compiled =
                compile(experimentalPool("a"), rewrite("r", alias("{modelRewrite: llama}")));
        assertThat(target(compiled, "chat")).isEqualTo("llama");
        assertThat(problems(compiled))
                .singleElement()
                .asString()
                .contains("warning: InferenceModelRewrite default/r spec.poolRef.group: ");
    }

    @Test
    void anUnknownPoolIsToldInStatusAndProblems() {
        Compilation compiled = compile(rewrite("r", alias("{modelRewrite: llama}")));
        assertThat(words(status(compiled, "InferenceModelRewrite", "r").conditions()))
                .containsExactly("Accepted=FALSE/PoolNotFound");
        assertThat(problems(compiled))
                .singleElement()
                .asString()
                .contains("InferencePool default/a (expected: an existing InferencePool)");
    }

    private static ModelRewrites rewrites(Compilation compiled) {
        assertThat(compiled.snapshot().pools()).hasSize(1);
        return compiled.snapshot().pools().values().iterator().next().rewrites();
    }

    private static @Nullable String target(Compilation compiled, @Nullable String model) {
        ModelRewrites.Rule rule = Objects.requireNonNull(rewrites(compiled).ruleFor(model));
        return rule.targets().choose();
    }

    private static String alias(String targets) {
        return "{matches: [{model: {value: chat}}], targets: [%s]}".formatted(targets);
    }

    private static String rewrite(String name, String... rules) {
        return """
        apiVersion: llm-d.ai/v1alpha2
        kind: InferenceModelRewrite
        metadata: {name: %s}
        spec:
          poolRef: {name: a}
          rules:
          - %s
        """
                .formatted(name, String.join("\n  - ", List.of(rules)));
    }

    private static String model(String name, String model, String targets) {
        return """
        apiVersion: inference.networking.x-k8s.io/v1alpha2
        kind: InferenceModel
        metadata: {name: %s}
        spec: {modelName: %s, criticality: Critical, poolRef: {name: a}, targetModels: %s}
        """
                .formatted(name, model, targets);
    }
}

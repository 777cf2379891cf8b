package io.weir.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.weir.resource.ParentRef;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Every condition and reason: {@code statuses.txt} has a title, manifests and the conditions that
 * come of them. A line like {@code $gw} is the head of an object, whose spec follows.
 */
class StatusTableTest {

    private static final Pattern EXPECTATION =
            Pattern.compile(
                    "> (?:([a-z.0-9-]+)/)?(\\w+) (\\S+?)(?: (at )?(\\S+?))?(?: (\\S+?))?: (.*)");
    private static final Map<String, String> HEADS =
            Map.of(
                    "gw", "gateway.networking.k8s.io/v1 Gateway",
                    "homeless", "gateway.networking.k8s.io/v1 Gateway",
                    "route", "gateway.networking.k8s.io/v1 HTTPRoute",
                    "pool", "inference.networking.k8s.io/v1 InferencePool",
                    "rewrite", "inference.networking.x-k8s.io/v1alpha2 InferenceModelRewrite",
                    "traffic", "gateway.envoyproxy.io/v1alpha1 ClientTrafficPolicy",
                    "agent", "agentgateway.dev/v1alpha1 AgentgatewayPolicy");
    private static final Map<String, String> FIRST =
            Map.of(
                    "gw", "gatewayClassName: weir",
                    "homeless", "gatewayClassName: weir",
                    "pool", "selector: {matchLabels: {app: vllm}}",
                    "rewrite", "poolRef: {name: pool}");

    @TestFactory
    Stream<DynamicTest> statuses() {
        return cases().stream()
                .map(text ->
                        DynamicTest.dynamicTest(text.lines().findFirst().get(), () -> check(text)));
    }

    @Test
    void everyReasonIsInTheTable() throws IllegalAccessException {
        Set<String> missing = new TreeSet<>();
        String all = String.join("\n", cases());
        for (Field field : Conditions.class.getDeclaredFields()) {
            String word = (String) field.get(null);
            if (!word.contains(" ") && !Pattern.compile("\\b" + word + "\\b").matcher(all).find()) {
                missing.add(word);
            }
        }
        assertThat(missing).isEmpty();
    }

    private static void check(String text) {
        List<String> lines = text.lines().skip(1).toList();
        List<String> manifest = lines.stream().filter(line -> !line.startsWith("> ")).toList();
        Compilation compiled = compile(manifest);
        for (String line : lines) {
            if (line.startsWith("> ")) {
                Matcher expected = EXPECTATION.matcher(line);
                assertThat(expected.matches()).as(line).isTrue();
                assertThat(words(compiled, expected)).as(line).isEqualTo(expected.group(7));
            }
        }
    }

    private static Compilation compile(List<String> manifest) {
        List<String> documents = new ArrayList<>();
        for (String document : String.join("\n", manifest).split("\n---\n", -1)) {
            documents.add(document.startsWith("$") ? withHead(document) : document);
        }
        CompileOptions one = Fixture.options();
        CompileOptions options =
                new CompileOptions(
                        one.adopts(),
                        true,
                        gateway -> gateway.metadata().name().equals("homeless") ? "" : "127.0.0.1",
                        100,
                        one.defaultBodyLimitBytes(),
                        one.defaultRequestTimeoutMillis(),
                        one.replicas(),
                        one.extraEndpoints(),
                        one.origins());
        return SnapshotCompiler.compile(Fixture.objects(documents.toArray(String[]::new)), options);
    }

    private static String withHead(String document) {
        String name = document.substring(1, document.indexOf('\n'));
        String shape = name.replaceAll("\\d", "");
        String[] kind = Objects.requireNonNull(HEADS.get(shape), shape).split(" ", -1);
        String first = FIRST.getOrDefault(shape, "");
        String spec = (first + document.substring(document.indexOf('\n'))).indent(2);
        return "apiVersion: %s\nkind: %s\nmetadata: {name: %s}\nspec:\n%s"
                .formatted(kind[0], kind[1], name, spec);
    }

    private static String words(Compilation compiled, Matcher expected) {
        Status status = status(compiled, expected);
        String part = expected.group(5);
        if (part == null) {
            return status.conditions().isEmpty() && status.parents().isEmpty()
                    ? "none"
                    : String.join(" ", Fixture.words(status.conditions()));
        }
        List<StatusCondition> conditions =
                expected.group(4) == null
                        ? listener(status, part)
                        : parent(status, part, expected.group(6));
        return String.join(" ", Fixture.words(conditions));
    }

    private static Status status(Compilation compiled, Matcher expected) {
        String group = expected.group(1);
        return compiled.statuses().stream()
                .filter(status -> group == null || status.object().group().equals(group))
                .filter(status -> status.object().kind().equals(expected.group(2)))
                .filter(status -> status.object().name().equals(expected.group(3)))
                .findFirst()
                .orElseGet(() -> fail("no status of " + expected.group()));
    }

    private static List<StatusCondition> listener(Status status, String name) {
        return status.listeners().stream()
                .filter(listener -> listener.name().equals(name))
                .findFirst()
                .map(ListenerStatus::conditions)
                .orElseGet(() -> fail("no listener " + name));
    }

    private static List<StatusCondition> parent(
            Status status, String name, @Nullable String section) {
        return status.parents().stream()
                .filter(parent -> parent.parent().name().equals(name))
                .filter(parent -> section == null || isAt(parent.parent(), section))
                .findFirst()
                .map(ParentStatus::conditions)
                .orElseGet(() -> fail("no parent " + name));
    }

    private static boolean isAt(ParentRef parent, String section) {
        return section.equals(parent.sectionName())
                || section.equals(String.valueOf(parent.port()));
    }

    private static List<String> cases() {
        try (var stream = StatusTableTest.class.getResourceAsStream("statuses.txt")) {
            String text =
                    new String(
                            Objects.requireNonNull(stream).readAllBytes(), StandardCharsets.UTF_8);
            return List.of(text.split("====\n", -1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package io.weir.resource.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.weir.resource.Problem;
import io.weir.resource.Problem.Severity;

import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * One case for each validation rule, from text files: the first block is put before every other;
 * each other block has a title, the rest of a manifest, and what must be found in it as {@code >
 * line [warning] field: message}. A block without findings is a manifest that must be accepted.
 */
class RulesTest {

    private static final List<String> FILES =
            List.of(
                    "agentgatewaypolicy",
                    "backendtlspolicy",
                    "backendtrafficpolicy",
                    "clienttrafficpolicy",
                    "clusterscope",
                    "configmap",
                    "deployment",
                    "endpointslice",
                    "gateway",
                    "gatewayclass",
                    "httproute",
                    "identity",
                    "inferencemodel",
                    "inferencemodelrewrite",
                    "inferenceobjective",
                    "inferencepool",
                    "inferencepool-v1alpha2",
                    "metadata",
                    "namespace",
                    "pod",
                    "referencegrant",
                    "secret",
                    "service");

    @TestFactory
    Stream<DynamicContainer> everyRuleIsToldWithLineFieldValueAndRule() {
        return FILES.stream().map(name -> DynamicContainer.dynamicContainer(name, cases(name)));
    }

    private static Stream<DynamicTest> cases(String file) {
        String[] blocks = read(file).split("(?m)^====\n");
        return Stream.of(blocks)
                .skip(1)
                .map(block ->
                        DynamicTest.dynamicTest(
                                block.lines().findFirst().orElseThrow(),
                                () -> check(blocks[0], block)));
    }

    private static void check(String header, String block) {
        StringBuilder manifest = new StringBuilder(header);
        List<String> expected = new ArrayList<>();
        block.lines()
                .skip(1)
                .forEach(line -> {
                    if (line.startsWith("> ")) {
                        expected.add(line.substring(2));
                    } else {
                        manifest.append(line).append('\n');
                    }
                });
        LoadResult result = ManifestTesting.load(manifest.toString());
        List<String> found = new ArrayList<>();
        result.problems().forEach(problem -> found.add(show(problem)));
        result.skipped().forEach(skipped -> found.add("skipped"));
        assertThat(found).as(manifest.toString()).isEqualTo(expected);
        boolean refused = result.hasErrors() || expected.contains("skipped");
        assertThat(result.objects().size()).isEqualTo(refused ? 0 : 1);
    }

    private static String show(Problem problem) {
        return problem.origin().line()
                + (problem.severity() == Severity.WARNING ? " warning " : " ")
                + (problem.field().isEmpty() ? "" : problem.field() + ": ")
                + problem.message();
    }

    private static String read(String name) {
        try (InputStream in = RulesTest.class.getResourceAsStream("rules/" + name + ".txt")) {
            if (in == null) {
                throw new AssertionError("no rules/" + name + ".txt");
            }
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}

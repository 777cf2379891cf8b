package io.weir.app.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.app.check.CheckReport;
import io.weir.app.check.Checker;
import io.weir.kubernetes.embedded.object.Trees;
import io.weir.kubernetes.embedded.object.Yaml;
import io.weir.resource.Problem.Severity;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import picocli.CommandLine;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What the charts render, with helm from the path or from the variable HELM. */
class ChartsTest {

    private static final Path CHARTS = Path.of("..", "charts");
    private static final String[] GUIDE = {
        "--set", "inferencePool.modelServers.matchLabels.app=vllm-deepseek-r1",
        "--set", "experimentalHttpRoute.enabled=true",
        "--set", "experimentalHttpRoute.baseModel=deepseek/vllm-deepseek-r1"
    };

    @BeforeAll
    static void needsHelm() {
        if (helm().isEmpty()) {
            System.err.println("SKIPPED: the charts are not tried, for there is no helm");
        }
        assumeTrue(!helm().isEmpty(), "no helm on the path");
    }

    @ParameterizedTest
    @CsvSource({
        "none, 0, ''",
        "gke, 1, HealthCheckPolicy;GCPBackendPolicy",
        "istio, 1, DestinationRule"
    })
    void thePoolOfTheGuidesIsFineForEveryProvider(String provider, int replicas, String more)
            throws Exception {
        List<ObjectNode> objects =
                render("vllm-deepseek-r1", "inferencepool", with("provider.name=" + provider));

        assertThat(problems(objects)).isEmpty();
        assertThat(missing(objects, more)).isEmpty();
        assertThat(find(objects, "Deployment").at("/spec/replicas").asInt(-1)).isEqualTo(replicas);
        JsonNode pool = find(objects, "InferencePool");
        assertThat(pool.at("/metadata/name").asText()).isEqualTo("vllm-deepseek-r1");
        assertThat(pool.at("/spec/selector/matchLabels/app").asText())
                .isEqualTo("vllm-deepseek-r1");
        assertThat(pool.at("/spec/endpointPickerRef/name").asText())
                .isEqualTo(find(objects, "Service").at("/metadata/name").asText());
        assertThat(pool.at("/spec/endpointPickerRef/failureMode").asText()).isEqualTo("FailOpen");
        JsonNode match = find(objects, "HTTPRoute").at("/spec/rules/0/matches/0/headers/0");
        assertThat(match.path("name").asText()).isEqualTo("X-Gateway-Base-Model-Name");
        assertThat(match.path("value").asText()).isEqualTo("deepseek/vllm-deepseek-r1");
    }

    @Test
    void thePickersConfigurationIsMounted() throws Exception {
        List<ObjectNode> objects =
                render(
                        "pool",
                        "inferencepool",
                        with(
                                "inferenceExtension.pluginsConfigFile=own.yaml",
                                "inferenceExtension.pluginsCustomConfig.own\\.yaml=plugins: []"));

        assertThat(find(objects, "ConfigMap").path("data").path("own.yaml").asText().trim())
                .isEqualTo("plugins: []");
        assertThat(words(find(objects, "Deployment"))).contains("/config/own.yaml");
    }

    @Test
    void aPoolWithoutLabelsIsRefused() throws Exception {
        Rendered rendered = run("template", "pool", chart("inferencepool"));

        assertThat(rendered.exit()).isNotZero();
        assertThat(rendered.err()).contains("inferencePool.modelServers.matchLabels");
    }

    @ParameterizedTest
    @CsvSource({
        "none, 0, ''",
        "gke, 1, GCPRoutingExtension;HealthCheckPolicy",
        "istio, 1, EnvoyFilter;DestinationRule"
    })
    void theRouterRendersForEveryProvider(String provider, int replicas, String more)
            throws Exception {
        List<ObjectNode> objects =
                render(
                        "body-based-router",
                        "body-based-routing",
                        "--set",
                        "provider.name=" + provider);

        assertThat(problems(objects)).isEmpty();
        assertThat(missing(objects, more)).isEmpty();
        assertThat(find(objects, "Deployment").at("/spec/replicas").asInt(-1)).isEqualTo(replicas);
    }

    @Test
    void theGatewayUnderstandsItsArgumentsAndMayReadWhatItReads() throws Exception {
        List<ObjectNode> objects =
                render("weir", "weir", "-n", "weir-system", "--set", "watchNamespaces={team-a}");

        assertThat(problems(objects)).isEmpty();
        assertThat(objects)
                .extracting(ChartsTest::kind)
                .contains("GatewayClass", "PodDisruptionBudget", "Role", "ClusterRole", "Service");
        List<String> words = words(find(objects, "Deployment"));
        assertThat(words.getFirst()).isEqualTo("gateway");
        GatewayCommand command = new GatewayCommand();
        Weir.prepared(new CommandLine(command))
                .parseArgs(words.subList(1, words.size()).toArray(String[]::new));
        assertThat(words)
                .contains("--gateway-service=weir-system/weir", "--lease=weir-system/weir");
        List<String> resources = new ArrayList<>();
        find(objects, "ClusterRole")
                .path("rules")
                .forEach(rule ->
                        rule.path("resources").forEach(name -> resources.add(name.asText())));
        assertThat(resources)
                .contains(
                        "inferencepools",
                        "inferencepools/status",
                        "httproutes/status",
                        "endpointslices",
                        "customresourcedefinitions");
    }

    @Test
    void oneReplicaNeedsNoElection() throws Exception {
        List<ObjectNode> objects =
                render("weir", "weir", "--set", "replicas=1,leaderElection.enabled=false");

        assertThat(objects).extracting(ChartsTest::kind).doesNotContain("Role", "RoleBinding");
        assertThat(words(find(objects, "Deployment"))).doesNotContain("--leader-election");
    }

    private static String[] with(String... values) {
        List<String> all = new ArrayList<>(List.of(GUIDE));
        for (String value : values) {
            all.add("--set");
            all.add(value);
        }
        return all.toArray(String[]::new);
    }

    /** Returns which of these kinds, separated by semicolons, are not there. */
    private static List<String> missing(List<ObjectNode> objects, String kinds) {
        List<String> wanted = new ArrayList<>(List.of(kinds.split(";", -1)));
        wanted.removeIf(String::isEmpty);
        wanted.removeAll(objects.stream().map(ChartsTest::kind).toList());
        return wanted;
    }

    private static List<ObjectNode> render(String release, String chart, String... options)
            throws Exception {
        List<String> words = new ArrayList<>(List.of("template", release, chart(chart)));
        words.addAll(List.of("--kube-version", "1.32.0"));
        words.addAll(List.of(options));
        Rendered rendered = run(words.toArray(String[]::new));
        assertThat(rendered.exit()).as(rendered.err()).isZero();
        return Yaml.parseAll(rendered.out());
    }

    private static String chart(String name) {
        return CHARTS.resolve(name).toString();
    }

    private static List<String> problems(List<ObjectNode> objects) throws IOException {
        String all = String.join("\n---\n", objects.stream().map(ObjectNode::toString).toList());
        CheckReport report =
                Checker.check(
                        List.of("-"),
                        new ByteArrayInputStream(all.getBytes(StandardCharsets.UTF_8)));
        return report.problems().stream()
                .filter(problem -> problem.severity() == Severity.ERROR)
                .map(Object::toString)
                .toList();
    }

    private static ObjectNode find(List<ObjectNode> objects, String kind) {
        return objects.stream()
                .filter(object -> kind(object).equals(kind))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + kind));
    }

    private static String kind(ObjectNode object) {
        return Trees.text(object, "kind");
    }

    private static List<String> words(ObjectNode deployment) {
        List<String> words = new ArrayList<>();
        deployment
                .at("/spec/template/spec/containers/0/args")
                .forEach(word -> words.add(word.asText()));
        return words;
    }

    private static Rendered run(String... arguments) throws Exception {
        List<String> words = new ArrayList<>(List.of(helm()));
        words.addAll(List.of(arguments));
        Process process = new ProcessBuilder(words).start();
        StringBuilder err = new StringBuilder();
        Thread reader = Thread.ofVirtual().start(() -> err.append(text(process.getErrorStream())));
        String out = text(process.getInputStream());
        reader.join();
        return new Rendered(process.waitFor(), out, err.toString());
    }

    private static String text(InputStream stream) {
        try (stream) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the program; empty when there is none. */
    private static String helm() {
        String named = System.getenv().getOrDefault("HELM", "");
        return !named.isEmpty()
                ? named
                : Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
                        .map(folder -> Path.of(folder, "helm"))
                        .filter(Files::isExecutable)
                        .map(Path::toString)
                        .findFirst()
                        .orElse("");
    }

    private record Rendered(int exit, String out, String err) {}
}

package io.weir.app.command;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.junit.jupiter.params.provider.ValueSource;

import picocli.CommandLine;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What the charts render, with the real helm. */
class ChartsTest {

    private static final String[] GUIDE = {
        "--set", "inferencePool.modelServers.matchLabels.app=vllm-deepseek-r1",
        "--set", "experimentalHttpRoute.enabled=true",
        "--set", "experimentalHttpRoute.baseModel=deepseek/vllm-deepseek-r1"
    };

    @BeforeAll
    static void needsHelm() {
        Helm.assumeThere();
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
                Helm.render("vllm-deepseek-r1", "inferencepool", with("provider.name=" + provider));

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
                Helm.render(
                        "pool",
                        "inferencepool",
                        with(
                                "inferenceExtension.pluginsConfigFile=own.yaml",
                                "inferenceExtension.pluginsCustomConfig.own\\.yaml=plugins: []"));

        assertThat(find(objects, "ConfigMap").path("data").path("own.yaml").asText().trim())
                .isEqualTo("plugins: []");
        assertThat(words(find(objects, "Deployment"))).contains("/config/own.yaml");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "inferenceExtension.replicas=1",
                "inferenceExtension.replicas=2",
                "inferenceExtension.tracing.enabled=true",
                "inferenceExtension.latencyPredictor.enabled=true",
                "inferenceExtension.monitoring.prometheus.auth.enabled=false"
            })
    void weirsOwnPickerUnderstandsItsArguments(String value) throws Exception {
        String[] values =
                with(
                        "provider.name=istio",
                        "inferenceExtension.image.registry=registry.example.com",
                        "inferenceExtension.image.repository=team/weir",
                        value);

        List<String> words =
                words(find(Helm.render("pool", "inferencepool", values), "Deployment"));

        assertThat(words.getFirst()).isEqualTo("picker");
        String[] rewritten = GoFlags.rewritten(words.toArray(String[]::new));
        CommandLine parser = new CommandLine(new PickerCommand());
        ReferenceFlags.accept(parser);
        Weir.prepared(parser).parseArgs(Arrays.copyOfRange(rewritten, 1, rewritten.length));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "replicas=2 | --ha-enable-leader-election",
                "tracing.enabled=true | --tracing=true",
                "flags.v=4 | --v 4",
                "extProcPort=9100 | --grpc-port 9100",
                "monitoring.prometheus.auth.enabled=false | --metrics-endpoint-auth=false"
            })
    void flagsReachThePicker(String value, String flag) throws Exception {
        List<ObjectNode> objects =
                Helm.render("pool", "inferencepool", with("inferenceExtension." + value));

        assertThat(String.join(" ", words(find(objects, "Deployment")))).contains(flag);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "inferenceExtension.image.hub=a.b/c,inferenceExtension.image.name=d"
                        + "| Deployment | /spec/template/spec/containers/0/image | a.b/c/d:v1.5.0",
                "inferenceExtension.env[0].name=A,inferenceExtension.env[0].value=b"
                        + "| Deployment | /spec/template/spec/containers/0/env/2/name | A",
                "inferenceExtension.tracing.enabled=true"
                        + "| Deployment | /spec/template/spec/containers/0/env/2/name"
                        + "| OTEL_SERVICE_NAME",
                "inferenceExtension.extraContainerPorts[0].containerPort=81"
                        + "| Deployment | /spec/template/spec/containers/0/ports/3/containerPort"
                        + "| 81",
                "inferenceExtension.extraServicePorts[0].port=81,"
                        + "inferenceExtension.extraServicePorts[0].name=more"
                        + "| Service | /spec/ports/2/port | 81",
                "inferenceExtension.tolerations[0].key=gpu"
                        + "| Deployment | /spec/template/spec/tolerations/0/key | gpu",
                "inferenceExtension.affinity.nodeAffinity.x=y"
                        + "| Deployment | /spec/template/spec/affinity/nodeAffinity/x | y",
                "inferenceExtension.volumes[0].name=v"
                        + "| Deployment | /spec/template/spec/volumes/1/name | v",
                "inferenceExtension.volumeMounts[0].name=v,"
                        + "inferenceExtension.volumeMounts[0].mountPath=/v"
                        + "| Deployment | /spec/template/spec/containers/0/volumeMounts/1/name | v",
                "inferenceExtension.resources.requests.cpu=7"
                        + "| Deployment"
                        + "| /spec/template/spec/containers/0/resources/requests/cpu | 7",
                "inferenceExtension.sidecar.enabled=true,inferenceExtension.sidecar.image=s:1"
                        + "| Deployment | /spec/template/spec/containers/1/image | s:1",
                "inferenceExtension.sidecar.enabled=true,inferenceExtension.sidecar.image=s:1,"
                        + "inferenceExtension.sidecar.ports[0].containerPort=8081"
                        + "| Deployment | /spec/template/spec/containers/1/ports/0/containerPort"
                        + "| 8081",
                "inferenceExtension.failureMode=FailClose"
                        + "| InferencePool | /spec/endpointPickerRef/failureMode | FailClose",
                "inferenceExtension.monitoring.prometheus.enabled=true,"
                        + "inferenceExtension.monitoring.interval=3s"
                        + "| ServiceMonitor | /spec/endpoints/0/interval | 3s",
                "inferenceExtension.monitoring.prometheus.enabled=true,"
                        + "inferenceExtension.monitoring.prometheus.extraLabels.release=prom"
                        + "| ServiceMonitor | /metadata/labels/release | prom",
                "inferencePool.targetPorts[0].number=8100,inferencePool.targetPorts[1].number=8101"
                        + "| InferencePool | /spec/targetPorts/1/number | 8101",
                "inferencePool.targetPortNumber=8100"
                        + "| InferencePool | /spec/targetPorts/0/number | 8100",
                "inferencePool.modelServerProtocol=grpc"
                        + "| InferencePool | /spec/appProtocol | kubernetes.io/h2c",
                "inferencePool.apiVersion=inference.networking.x-k8s.io/v1alpha2"
                        + "| InferencePool | /spec/extensionRef/portNumber | 9002",
                "inferencePool.apiVersion=inference.networking.x-k8s.io/v1alpha2"
                        + "| HTTPRoute | /spec/rules/0/backendRefs/0/group"
                        + "| inference.networking.x-k8s.io",
                "inferenceObjectives[0].name=urgent,inferenceObjectives[0].priority=7"
                        + "| InferenceObjective | /spec/priority | 7",
                "experimentalHttpRoute.inferenceGatewayName=gw"
                        + "| HTTPRoute | /spec/parentRefs/0/name | gw",
                "experimentalHttpRoute.requestTimeout=9s"
                        + "| HTTPRoute | /spec/rules/0/timeouts/request | 9s",
                "provider.name=istio,provider.istio.destinationRule.host=h"
                        + "| DestinationRule | /spec/host | h",
                "provider.name=gke,inferenceExtension.monitoring.prometheus.enabled=true,"
                        + "provider.gke.autopilot=true"
                        + "| PodMonitoring | /spec/endpoints/0/authorization/type | Bearer"
            })
    void valuesReachTheObjects(String values, String kind, String pointer, String expected)
            throws Exception {
        List<ObjectNode> objects = Helm.render("pool", "inferencepool", with(values));

        assertThat(problems(objects)).isEmpty();
        assertThat(find(objects, kind).at(pointer).asText()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "inferencePool.modelServerType=sglang",
                "inferencePool.modelServerProtocol=grpc",
                "inferencePool.parser=passthrough-parser",
                "inferenceExtension.metricsDataSource.path=/other",
                "inferenceExtension.metricsDataSource.scheme=https"
            })
    void thePickersConfigurationIsOne(String value) throws Exception {
        List<ObjectNode> objects = Helm.render("pool", "inferencepool", with(value));

        String text = find(objects, "ConfigMap").path("data").path("default-plugins.yaml").asText();
        String wanted = value.substring(value.indexOf('=') + 1);
        assertThat(text).contains(wanted.equals("grpc") ? "pluginRef: vllmgrpc-parser" : wanted);
        ObjectNode config = Yaml.parseAll(text).getFirst();
        List<String> types = new ArrayList<>();
        config.path("plugins").forEach(plugin -> types.add(plugin.path("type").asText()));
        List<String> used = new ArrayList<>();
        config.path("schedulingProfiles")
                .path(0)
                .path("plugins")
                .forEach(plugin -> used.add(plugin.path("pluginRef").asText()));
        assertThat(types).containsAll(used);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "inferencePool.modelServers=null | modelServers is required",
                "inferencePool.modelServers.matchLabels=null" + "| matchLabels is required",
                "provider.name=envoy | provider.name: envoy (expected: none, gke or istio)",
                "inferencePool.apiVersion=v1 | inferencePool.apiVersion: v1",
                "inferencePool.modelServerType=llama | inferencePool.modelServerType: llama",
                "inferencePool.modelServerProtocol=tcp | inferencePool.modelServerProtocol: tcp",
                "inferenceExtension.failureMode=Open | inferenceExtension.failureMode: Open",
                "inferenceExtension.pluginsConfigFile=own.yaml"
                        + "| inferenceExtension.pluginsConfigFile: own.yaml",
                "inferenceExtension.sidecar.enabled=true | inferenceExtension.sidecar.image",
                "inferenceExtension.latencyPredictor.enabled=true,provider.name=istio"
                        + "| runs no prediction servers",
                "inferenceExtension.replica=2 | Additional property replica is not allowed"
            })
    void whatMakesNoSenseIsRefused(String values, String message) throws Exception {
        Helm.Ran ran = Helm.template("pool", "inferencepool", with(values));

        assertThat(ran.exit()).isNotZero();
        assertThat(ran.err()).contains(message);
    }

    @Test
    void aPoolNeedsTheLabelsOfItsServers() throws Exception {
        Helm.Ran ran = Helm.template("pool", "inferencepool");

        assertThat(ran.exit()).isNotZero();
        assertThat(ran.err()).contains("inferencePool.modelServers.matchLabels: missing");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bbr.tracing.enabled=true"
                        + "| Deployment | /spec/template/spec/containers/0/env/1/name"
                        + "| OTEL_SERVICE_NAME",
                "bbr.multiNamespace=true | ClusterRoleBinding | /roleRef/kind | ClusterRole",
                "bbr.port=9100 | Service | /spec/ports/0/port | 9100",
                "bbr.image.hub=a.b/c | Deployment | /spec/template/spec/containers/0/image"
                        + "| a.b/c/bbr:v1.5.0",
                "provider.name=gke,provider.supportedEvents.responseBody=true"
                        + "| GCPRoutingExtension"
                        + "| /spec/extensionChains/0/extensions/0/supportedEvents/3 | ResponseBody",
                "provider.name=istio,provider.istio.envoyFilter.anchorSubFilter=f"
                        + "| EnvoyFilter"
                        + "| /spec/configPatches/0/match/listener/filterChain/filter/subFilter/name"
                        + "| f",
                "provider.name=istio,inferenceGateway.name=gw"
                        + "| EnvoyFilter | /spec/targetRefs/0/name | gw"
            })
    void valuesReachTheRouter(String values, String kind, String pointer, String expected)
            throws Exception {
        List<ObjectNode> objects = Helm.render("b", "body-based-routing", "--set", values);

        assertThat(find(objects, kind).at(pointer).asText()).isEqualTo(expected);
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
                Helm.render(
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
                Helm.render(
                        "weir", "weir", "-n", "weir-system", "--set", "watchNamespaces={team-a}");

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

    /** A Deployment that asked for more than the image gives would not start. */
    @Test
    void theDeploymentIsOneThatTheImageFits() throws Exception {
        String image = Files.readString(Path.of("pom.xml"));
        JsonNode pod = find(Helm.render("weir", "weir"), "Deployment").at("/spec/template/spec");
        JsonNode container = pod.at("/containers/0");

        assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
        assertThat(image)
                .contains(
                        "<user>%d:%d</user>"
                                .formatted(
                                        pod.at("/securityContext/runAsUser").asInt(),
                                        pod.at("/securityContext/runAsGroup").asInt()));
        assertThat(container.at("/securityContext/readOnlyRootFilesystem").asBoolean()).isTrue();
        assertThat(container.at("/securityContext/allowPrivilegeEscalation").asBoolean(true))
                .isFalse();
        assertThat(container.at("/securityContext/capabilities/drop/0").asText()).isEqualTo("ALL");
        assertThat(container.at("/volumeMounts/0/mountPath").asText()).isEqualTo("/tmp");
        List<String> probes = new ArrayList<>();
        for (String probe : List.of("startupProbe", "readinessProbe", "livenessProbe")) {
            JsonNode get = container.path(probe).path("httpGet");
            probes.add(get.path("path").asText() + " " + get.path("port").asText());
        }
        assertThat(probes).containsExactly("/readyz admin", "/readyz admin", "/livez admin");
        assertThat(container.path("ports"))
                .anySatisfy(port -> {
                    assertThat(port.path("name").asText()).isEqualTo("admin");
                    assertThat(words(find(Helm.render("weir", "weir"), "Deployment")))
                            .contains("--admin-port=" + port.path("containerPort").asInt());
                });
        int grace = pod.path("terminationGracePeriodSeconds").asInt();
        int asleep = container.at("/lifecycle/preStop/sleep/seconds").asInt();
        assertThat(grace).isGreaterThanOrEqualTo(asleep + 30);
    }

    @Test
    void oneReplicaNeedsNoElection() throws Exception {
        List<ObjectNode> objects =
                Helm.render("weir", "weir", "--set", "replicas=1,leaderElection.enabled=false");

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
}

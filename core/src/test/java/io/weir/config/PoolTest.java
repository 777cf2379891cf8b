package io.weir.config;

import static io.weir.config.Fixture.GATEWAY;
import static io.weir.config.Fixture.authorities;
import static io.weir.config.Fixture.backend;
import static io.weir.config.Fixture.compile;
import static io.weir.config.Fixture.experimentalPool;
import static io.weir.config.Fixture.parentWords;
import static io.weir.config.Fixture.pod;
import static io.weir.config.Fixture.pool;
import static io.weir.config.Fixture.problems;
import static io.weir.config.Fixture.route;
import static io.weir.config.Fixture.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.picker.Endpoint;
import io.weir.picker.PickerSettings;
import io.weir.resource.InferencePool.FailureMode;
import io.weir.routing.Backend;
import io.weir.routing.Pool;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Map;

class PoolTest {

    private static final String RANKS =
            """
            apiVersion: inference.networking.k8s.io/v1
            kind: InferencePool
            metadata: {name: a}
            spec:
              selector: {matchLabels: {app: a, tier: gpu}}
              targetPorts: [{number: 8000}, {number: 8001}]
            """;

    @Test
    void everyTargetPortOfAPodIsAnEndpoint() {
        Pool pool =
                onlyPool(
                        compile(
                                RANKS,
                                ranked("p", "10.0.0.1", ""),
                                ranked("other", "10.0.0.2", "").replace("gpu", "cpu")));
        assertThat(pool.endpoints())
                .extracting(Endpoint::name)
                .containsExactly("default/p-rank-0", "default/p-rank-1");
        assertThat(pool.endpoints())
                .extracting(Endpoint::authority)
                .containsExactly("10.0.0.1:8000", "10.0.0.1:8001");
        assertThat(pool.endpoints().getFirst().labels()).containsEntry("tier", "gpu");
        assertThat(pool.endpoints().getFirst().podName()).isEqualTo("p");
    }

    @ParameterizedTest
    @CsvSource({
        "'8001',10.0.0.1:8001",
        "'8001, 8000',10.0.0.1:8000 10.0.0.1:8001",
        "'9999',''",
        "'x,8000',10.0.0.1:8000",
        "'',''",
    })
    void anAnnotationLimitsThePortsThatAreLive(String active, String expected) {
        Compilation compiled =
                compile(
                        RANKS,
                        ranked(
                                "p",
                                "10.0.0.1",
                                ", annotations: {inference.networking.k8s.io/active-ports: '"
                                        + active
                                        + "'}"));
        assertThat(String.join(" ", addresses(compiled))).isEqualTo(expected);
    }

    @Test
    void podsThatAreNotReadyOrGoingAwayAreLeftOutAndCounted() {
        Compilation compiled =
                compile(
                        GATEWAY,
                        route("r", "a"),
                        pool("a"),
                        pod("ready", "a", "10.0.0.1"),
                        """
                        apiVersion: v1
                        kind: Pod
                        metadata: {name: starting, labels: {app: a}}
                        spec: {containers: [{name: c, image: vllm}]}
                        status: {podIP: 10.0.0.2, conditions: [{type: Ready, status: "False"}]}
                        """,
                        """
                        apiVersion: v1
                        kind: Pod
                        metadata: {name: going, labels: {app: a}, deletionTimestamp: "2026-01-01T00:00:00Z"}
                        spec: {containers: [{name: c, image: vllm}]}
                        status: {podIP: 10.0.0.3}
                        """,
                        """
                        apiVersion: v1
                        kind: Pod
                        metadata: {name: unplaced, labels: {app: a}}
                        spec: {containers: [{name: c, image: vllm}]}
                        """,
                        pod("elsewhere", "a", "10.0.0.4")
                                .replace("name: elsewhere", "name: elsewhere, namespace: b"));
        assertThat(addresses(compiled)).containsExactly("10.0.0.1:8000");
        assertThat(readiness(compiled)).isEqualTo("TRUE EndpointsReady 1/3 endpoints ready");
    }

    @Test
    void aPoolWithoutEndpointsIsNotReady() {
        Compilation compiled = compile(GATEWAY, route("r", "a"), pool("a"));
        assertThat(readiness(compiled)).isEqualTo("FALSE NoEndpointsReady 0/0 endpoints ready");
    }

    private static String readiness(Compilation compiled) {
        return Fixture.status(compiled, "InferencePool", "a")
                .parents()
                .getFirst()
                .conditions()
                .stream()
                .filter(condition -> condition.type().equals("Ready"))
                .map(found -> found.value() + " " + found.reason() + " " + found.message())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void handMadeSlicesThatTheSelectorSelectsNameServersToo() {
        String slice =
                """
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata: {name: real, labels: {app: a}}
                addressType: FQDN
                ports: [{name: http, port: 8100}]
                endpoints: [{addresses: [gpu-1.example.com]}, {addresses: [gpu-2.example.com]}]
                """;
        Compilation compiled =
                compile(
                        pool("a"),
                        pod("p", "a", "10.0.0.1"),
                        slice,
                        slice.replace(
                                        "name: real, labels: {",
                                        "name: made, labels: {endpointslice.kubernetes.io/managed-by:"
                                                + " endpointslice-controller.k8s.io, ")
                                .replace("gpu", "cluster"));
        assertThat(addresses(compiled))
                .containsExactly(
                        "10.0.0.1:8000", "gpu-1.example.com:8100", "gpu-2.example.com:8100");
    }

    @Test
    void simulatedReplicasAreSelectedByLabelsAndDeclaredPorts() {
        String deployment =
                """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: sim}
                spec:
                  replicas: 3
                  selector: {matchLabels: {app: a}}
                  template:
                    metadata: {labels: {app: a}}
                    spec: {containers: [{name: c, image: simulator, ports: [{containerPort: 8000}]}]}
                """;
        Compilation compiled =
                compile(
                        pool("a"),
                        deployment,
                        deployment.replace("name: sim", "name: wrong").replace("8000", "9000"),
                        deployment.replace("name: sim", "name: other").replace("app: a", "app: b"),
                        deployment.replace("name: sim", "name: real").replace("simulator", "vllm"));
        assertThat(compiledPool(compiled, "a").endpoints())
                .extracting(Endpoint::podName)
                .containsExactly("sim-0", "sim-1", "sim-2");
    }

    @Test
    void endpointsOfTheCallerComeLastAndNoneComesTwice() {
        CompileOptions one = Fixture.options();
        CompileOptions options =
                new CompileOptions(
                        one.adopts(),
                        one.implicitClass(),
                        one.addresses(),
                        one.portOffset(),
                        one.defaultBodyLimitBytes(),
                        one.defaultRequestTimeoutMillis(),
                        one.replicas(),
                        pool ->
                                List.of(
                                        new Endpoint("x", "", "10.0.0.1", 8000, Map.of()),
                                        new Endpoint("y", "", "10.0.0.2", 8000, Map.of())),
                        one.origins());
        Compilation compiled = compile(options, pool("a"), pod("p", "a", "10.0.0.1"));
        assertThat(compiledPool(compiled, "a").endpoints())
                .extracting(Endpoint::name)
                .containsExactly("default/p-rank-0", "y");
    }

    @Test
    void aMissingPickerIsToldInTheStatusAndReplacedByTheBuiltInOne() {
        Compilation compiled = compile(GATEWAY, experimentalPool("a"), experimentalRoute());
        assertThat(compiledPool(compiled, "a").picker()).isEqualTo(PickerSettings.DEFAULT);
        assertThat(compiledPool(compiled, "a").failureMode()).isEqualTo(FailureMode.FAIL_CLOSE);
        assertThat(parentWords(compiled, "InferencePool", "a"))
                .startsWith("Accepted=TRUE/Accepted", "ResolvedRefs=FALSE/InvalidExtensionRef");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "['-configFile', '/config/plugins.yaml']",
                "['--config-file=/config/plugins.yaml']",
                "[--v, '4', --config-file, /config/plugins.yaml, --grpc-port, '9002']",
            })
    void aKnownPickerImageLendsItsMountedConfiguration(String args) {
        Compilation compiled =
                compile(
                        GATEWAY,
                        experimentalPool("a"),
                        experimentalRoute(),
                        pickerService(),
                        pickerDeployment(
                                "registry.k8s.io/gateway-api-inference-extension/epp:v0.5.1", args),
                        """
                        apiVersion: v1
                        kind: ConfigMap
                        metadata: {name: plugins-config}
                        data: {plugins.yaml: "kind: EndpointPickerConfig"}
                        """);
        assertThat(compiledPool(compiled, "a").picker())
                .isEqualTo(
                        new PickerSettings(
                                "kind: EndpointPickerConfig",
                                "ConfigMap default/plugins-config plugins.yaml"));
        assertThat(parentWords(compiled, "InferencePool", "a"))
                .startsWith("Accepted=TRUE/Accepted", "ResolvedRefs=TRUE/ResolvedRefs");
        assertThat(problems(compiled)).isEmpty();
    }

    @Test
    void configurationMayStandInTheArgumentsThemselves() {
        Compilation compiled =
                compile(
                        experimentalPool("a"),
                        pickerService(),
                        pickerDeployment(
                                "ghcr.io/llm-d/llm-d-router:v1", "['--config-text', 'text']"));
        assertThat(compiledPool(compiled, "a").picker().configText()).isEqualTo("text");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "['--config-file', '/elsewhere/x.yaml'] | a file of a mounted ConfigMap",
                "['--config-file', '/config/none.yaml'] | has no none.yaml",
            })
    void configurationThatCanNotBeFoundIsTold(String args, String message) {
        Compilation compiled =
                compile(experimentalPool("a"), pickerService(), pickerDeployment("x/epp:v1", args));
        assertThat(compiledPool(compiled, "a").picker()).isEqualTo(PickerSettings.DEFAULT);
        assertThat(problems(compiled)).singleElement().asString().contains(message);
    }

    @Test
    void aPickerThatDoesNotRunIsReplacedByTheBuiltInOne() {
        Compilation own =
                compile(
                        experimentalPool("a"),
                        pickerService(),
                        pickerDeployment("example.com/my-picker:v1", "[]"));
        Compilation bare = compile(experimentalPool("a"), pickerService());
        for (Compilation compiled : List.of(own, bare)) {
            assertThat(compiledPool(compiled, "a").external()).isNull();
            assertThat(problems(compiled))
                    .singleElement()
                    .asString()
                    .contains("Service default/a-epp has no endpoint");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "registry.k8s.io/gateway-api-inference-extension/epp:v1.4.0,true",
        "us-central1-docker.pkg.dev/x/lwepp@sha256:0123,true",
        "localhost:5000/epp,true",
        "ghcr.io/llm-d/llm-d-inference-scheduler:v0.3.0,true",
        "ghcr.io/llm-d/llm-d-router-endpoint-picker:latest,true",
        "ghcr.io/llm-d/llm-d-inference-sim:v0.6.1,false",
        "example.com/epp/server:v1,false",
    })
    void pickerImagesAreKnownByName(String image, boolean known) {
        assertThat(PickerConfigs.isPickerImage(image)).isEqualTo(known);
    }

    @Test
    void objectivesAndCriticalitiesBecomePriorities() {
        Compilation compiled =
                compile(
                        pool("a"),
                        pool("b"),
                        objective("high", "inference.networking.x-k8s.io", "a", 10),
                        objective("low", "inference.networking.k8s.io", "a", -5),
                        objective("other", "llm-d.ai", "b", 1),
                        objective("lost", "llm-d.ai", "none", 1),
                        model("critical", "m1", "Critical"),
                        model("standard", "m2", "Standard"),
                        model("sheddable", "m3", "Sheddable"));
        Pool a = compiledPool(compiled, "a");
        assertThat(a.priorities()).isEqualTo(Map.of("high", 10, "low", -5));
        assertThat(compiledPool(compiled, "b").priorities()).isEqualTo(Map.of("other", 1));
        assertThat(a.modelPriorities()).isEqualTo(Map.of("m1", 2, "m2", 0, "m3", -1));
        assertThat(Fixture.words(status(compiled, "InferenceObjective", "high").conditions()))
                .containsExactly("Accepted=TRUE/Accepted");
        assertThat(Fixture.words(status(compiled, "InferenceObjective", "lost").conditions()))
                .containsExactly("Accepted=FALSE/PoolNotFound");
    }

    @Test
    void ofTwoObjectivesOfOneNameTheOlderCounts() {
        Compilation compiled =
                compile(
                        pool("a"),
                        objective("o", "llm-d.ai", "a", 1),
                        objective("o", "inference.networking.x-k8s.io", "a", 2));
        assertThat(compiledPool(compiled, "a").priorities()).isEqualTo(Map.of("o", 1));
        assertThat(compiled.statuses().stream().filter(s -> s.object().kind().endsWith("ctive")))
                .extracting(s -> s.object().group() + " " + Fixture.words(s.conditions()))
                .containsExactly(
                        "inference.networking.x-k8s.io [Accepted=FALSE/Overlapped]",
                        "llm-d.ai [Accepted=TRUE/Accepted]");
    }

    @Test
    void thePoolsParentsAreTheGatewaysWhoseRoutesUseIt() {
        Compilation compiled =
                compile(
                        GATEWAY,
                        GATEWAY.replace("name: gw", "name: gw2").replace("port: 80", "port: 81"),
                        pool("a"),
                        pool("refused"),
                        pool("unused"),
                        route("r1", "a"),
                        route("r2", "a").replace("name: gw", "name: gw2"),
                        route("r3", "refused").replace("name: gw", "name: gw2, sectionName: none"));
        assertThat(status(compiled, "InferencePool", "a").parents())
                .extracting(parent -> parent.parent().name())
                .containsExactly("gw", "gw2");
        assertThat(status(compiled, "InferencePool", "a").parents().getFirst().parent().namespace())
                .isEqualTo("default");
        assertThat(parentWords(compiled, "InferencePool", "refused"))
                .startsWith("Accepted=FALSE/HTTPRouteNotAccepted");
        assertThat(status(compiled, "InferencePool", "unused").parents()).isEmpty();
    }

    @Test
    void aPoolThatNoRouteUsesIsStillThere() {
        Compilation compiled = compile(GATEWAY, pool("a"), pool("b"), route("r", "a"));
        assertThat(compiled.snapshot().pools()).hasSize(2);
        assertThat(authorities(backend(compiled))).isEmpty();
    }

    @Test
    void aProtocolThatIsNotSpokenYetIsTold() {
        Compilation compiled = compile(pool("a") + "  appProtocol: kubernetes.io/h2c\n");
        assertThat(problems(compiled))
                .singleElement()
                .asString()
                .contains("spec.appProtocol: kubernetes.io/h2c is not spoken yet");
    }

    @Test
    void aPoolOfAnotherProtocolTakesItsShareAsErrorsAndSaysSoInBothStatuses() {
        Compilation compiled =
                compile(
                        GATEWAY,
                        pool("a") + "  appProtocol: kubernetes.io/h2c\n",
                        pod("p", "a", "10.0.0.1"),
                        route("r", "a"));
        assertThat(backend(compiled)).isInstanceOf(Backend.Unresolved.class);
        assertThat(parentWords(compiled, "HTTPRoute", "r"))
                .containsExactly(
                        "Accepted=TRUE/Accepted", "ResolvedRefs=FALSE/UnsupportedProtocol");
        assertThat(parentWords(compiled, "InferencePool", "a"))
                .startsWith(
                        "Accepted=FALSE/NotSupportedByParent", "ResolvedRefs=TRUE/ResolvedRefs");
    }

    private static Pool onlyPool(Compilation compiled) {
        assertThat(compiled.snapshot().pools()).hasSize(1);
        return compiled.snapshot().pools().values().iterator().next();
    }

    private static Pool compiledPool(Compilation compiled, String name) {
        return compiled.snapshot().pools().values().stream()
                .filter(pool -> pool.key().name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> addresses(Compilation compiled) {
        return onlyPool(compiled).endpoints().stream().map(Endpoint::authority).toList();
    }

    private static String ranked(String name, String address, String metadata) {
        return """
        apiVersion: v1
        kind: Pod
        metadata: {name: %s, labels: {app: a, tier: gpu}%s}
        spec: {containers: [{name: c, image: vllm}]}
        status: {podIP: %s}
        """
                .formatted(name, metadata, address);
    }

    private static String experimentalRoute() {
        return route("r", "a")
                .replace("networking.k8s.io, kind: Inf", "networking.x-k8s.io, kind: Inf");
    }

    private static String pickerService() {
        return """
        apiVersion: v1
        kind: Service
        metadata: {name: a-epp}
        spec: {selector: {app: a-epp}, ports: [{port: 9002}]}
        """;
    }

    private static String pickerDeployment(String image, String args) {
        return """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: a-epp}
        spec:
          selector: {matchLabels: {app: a-epp}}
          template:
            metadata: {labels: {app: a-epp}}
            spec:
              containers:
              - name: epp
                image: %s
                args: %s
                volumeMounts: [{name: config, mountPath: /config}]
              volumes: [{name: config, configMap: {name: plugins-config}}]
        """
                .formatted(image, args);
    }

    private static String objective(String name, String group, String pool, int priority) {
        return """
        apiVersion: %s/v1alpha2
        kind: InferenceObjective
        metadata: {name: %s}
        spec: {priority: %d, poolRef: {name: %s}}
        """
                .formatted(group, name, priority, pool);
    }

    private static String model(String name, String model, String criticality) {
        return """
        apiVersion: inference.networking.x-k8s.io/v1alpha2
        kind: InferenceModel
        metadata: {name: %s}
        spec:
          modelName: %s
          criticality: %s
          poolRef: {group: inference.networking.k8s.io, name: a}
        """
                .formatted(name, model, criticality);
    }
}

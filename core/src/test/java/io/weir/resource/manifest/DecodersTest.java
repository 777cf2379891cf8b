package io.weir.resource.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.weir.resource.AgentgatewayPolicy;
import io.weir.resource.AgentgatewayPolicy.HeaderExpression;
import io.weir.resource.BackendTrafficPolicy;
import io.weir.resource.ClientTrafficPolicy;
import io.weir.resource.Deployment;
import io.weir.resource.EndpointSlice;
import io.weir.resource.Gateway;
import io.weir.resource.GatewayClass;
import io.weir.resource.InferenceModel;
import io.weir.resource.InferenceModelRewrite;
import io.weir.resource.InferenceObjective;
import io.weir.resource.InferencePool;
import io.weir.resource.InferencePool.AppProtocol;
import io.weir.resource.InferencePool.EndpointPickerRef;
import io.weir.resource.InferencePool.FailureMode;
import io.weir.resource.LabelSelector;
import io.weir.resource.ModelTarget;
import io.weir.resource.ObjectMeta;
import io.weir.resource.Origin;
import io.weir.resource.ParentRef;
import io.weir.resource.Pod;
import io.weir.resource.PodSpec;
import io.weir.resource.PoolRef;
import io.weir.resource.ReferenceGrant;
import io.weir.resource.Resource;
import io.weir.resource.Secret;
import io.weir.resource.Service;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Every field of a manifest arrives in the record. */
class DecodersTest {

    private static final ParentRef GATEWAY =
            new ParentRef("gateway.networking.k8s.io", "Gateway", "team", "g", "http", null);

    @Test
    void metadata() {
        GatewayClass one =
                ManifestTesting.one(
                        GatewayClass.class,
                        """
                        # the first line is a comment
                        apiVersion: gateway.networking.k8s.io/v1
                        kind: GatewayClass
                        metadata:
                          name: weir
                          labels: {a: b}
                          annotations: {c: d}
                          generation: 7
                          creationTimestamp: "2025-01-31T12:00:00+01:00"
                        spec:
                          controllerName: example.com/weir
                        """);
        assertThat(one)
                .isEqualTo(
                        new GatewayClass(
                                new ObjectMeta(
                                        "gateway.networking.k8s.io",
                                        "v1",
                                        "",
                                        "weir",
                                        Map.of("a", "b"),
                                        Map.of("c", "d"),
                                        7,
                                        Instant.parse("2025-01-31T11:00:00Z"),
                                        new Origin("file.yaml", 2)),
                                "example.com/weir"));
    }

    @Test
    void gateway() {
        Gateway gateway =
                one(
                        Gateway.class,
                        "gateway.networking.k8s.io/v1",
                        """
                        gatewayClassName: weir
                        addresses: [{type: Hostname, value: a.example.com}]
                        listeners:
                        - name: https
                          hostname: "*.example.com"
                          port: 443
                          protocol: HTTPS
                          tls:
                            mode: Terminate
                            certificateRefs: [{group: a.b, kind: C, namespace: d, name: e}]
                          allowedRoutes:
                            kinds: [{group: f.g, kind: H}]
                            namespaces:
                              from: Selector
                              selector:
                                matchLabels: {team: a}
                                matchExpressions:
                                - {key: b, operator: In, values: [x, z]}
                                - {key: c, operator: DoesNotExist}
                        """);
        LabelSelector selector =
                new LabelSelector(
                        Map.of("team", "a"),
                        List.of(
                                new LabelSelector.Expression("b", "In", List.of("x", "z")),
                                new LabelSelector.Expression("c", "DoesNotExist", List.of())));
        assertThat(gateway.gatewayClassName()).isEqualTo("weir");
        assertThat(gateway.addresses())
                .containsExactly(new Gateway.Address("Hostname", "a.example.com"));
        assertThat(gateway.listeners())
                .containsExactly(
                        new Gateway.Listener(
                                "https",
                                "*.example.com",
                                443,
                                "HTTPS",
                                new Gateway.Tls(
                                        "Terminate",
                                        List.of(new Gateway.SecretRef("a.b", "C", "d", "e"))),
                                new Gateway.AllowedRoutes(
                                        "Selector",
                                        selector,
                                        List.of(new Gateway.RouteKind("f.g", "H")))));
    }

    @Test
    void referenceGrant() {
        ReferenceGrant grant =
                one(
                        ReferenceGrant.class,
                        "gateway.networking.k8s.io/v1beta1",
                        """
                        from: [{group: a.b, kind: C, namespace: d}]
                        to: [{group: "", kind: Secret, name: e}]
                        """);
        assertThat(grant.from()).containsExactly(new ReferenceGrant.From("a.b", "C", "d"));
        assertThat(grant.to()).containsExactly(new ReferenceGrant.To("", "Secret", "e"));
    }

    @Test
    void inferencePoolOfBothGroups() {
        InferencePool pool =
                one(
                        InferencePool.class,
                        "inference.networking.k8s.io/v1",
                        """
                        selector: {matchLabels: {app: vllm}}
                        targetPorts: [{number: 8000}, {number: 8001}]
                        appProtocol: kubernetes.io/h2c
                        endpointPickerRef: {group: a.b, kind: C, name: p, port: {number: 1}, failureMode: FailOpen}
                        """);
        assertThat(pool.selector()).isEqualTo(Map.of("app", "vllm"));
        assertThat(pool.targetPorts()).containsExactly(8000, 8001);
        assertThat(pool.appProtocol()).isEqualTo(AppProtocol.H2C);
        assertThat(pool.endpointPicker())
                .isEqualTo(new EndpointPickerRef("a.b", "C", "p", 1, FailureMode.FAIL_OPEN));

        InferencePool alpha =
                one(
                        InferencePool.class,
                        "inference.networking.x-k8s.io/v1alpha2",
                        """
                        selector: {app: vllm}
                        targetPortNumber: 8000
                        extensionRef: {name: p, portNumber: 1, failureMode: FailOpen}
                        """);
        assertThat(alpha.selector()).isEqualTo(Map.of("app", "vllm"));
        assertThat(alpha.targetPorts()).containsExactly(8000);
        assertThat(alpha.appProtocol()).isEqualTo(AppProtocol.HTTP);
        assertThat(alpha.endpointPicker())
                .isEqualTo(new EndpointPickerRef("", "Service", "p", 1, FailureMode.FAIL_OPEN));
    }

    @Test
    void inferenceModelRewriteAndObjective() {
        PoolRef pool = new PoolRef("a.b", "C", "p");
        InferenceModel model =
                one(
                        InferenceModel.class,
                        "inference.networking.x-k8s.io/v1alpha2",
                        """
                        modelName: travelhelper
                        criticality: Critical
                        poolRef: {group: a.b, kind: C, name: p}
                        targetModels: [{name: v1, weight: 90}, {name: v2, weight: 10}]
                        """);
        assertThat(model)
                .isEqualTo(
                        new InferenceModel(
                                model.metadata(),
                                "travelhelper",
                                InferenceModel.Criticality.CRITICAL,
                                pool,
                                List.of(new ModelTarget("v1", 90), new ModelTarget("v2", 10))));

        InferenceModelRewrite rewrite =
                one(
                        InferenceModelRewrite.class,
                        "llm-d.ai/v1alpha2",
                        """
                        poolRef: {group: a.b, kind: C, name: p}
                        rules:
                        - matches: [{model: {value: a}}, {model: {value: b}}]
                          targets: [{modelRewrite: c, weight: 5}]
                        - targets: [{modelRewrite: d}, {modelRewrite: e}]
                        """);
        assertThat(rewrite)
                .isEqualTo(
                        new InferenceModelRewrite(
                                rewrite.metadata(),
                                pool,
                                List.of(
                                        new InferenceModelRewrite.Rule(
                                                List.of("a", "b"),
                                                List.of(new ModelTarget("c", 5))),
                                        new InferenceModelRewrite.Rule(
                                                List.of(),
                                                List.of(
                                                        new ModelTarget("d", 1),
                                                        new ModelTarget("e", 1))))));

        InferenceObjective objective =
                one(
                        InferenceObjective.class,
                        "llm-d.ai/v1alpha2",
                        "priority: -7\npoolRef: {group: a.b, kind: C, name: p}\n");
        assertThat(objective).isEqualTo(new InferenceObjective(objective.metadata(), -7, pool));
    }

    @Test
    void service() {
        Service service =
                one(
                        Service.class,
                        "v1",
                        """
                        type: NodePort
                        clusterIP: 10.0.0.1
                        selector: {app: a}
                        ports:
                        - {name: grpc, port: 9002, targetPort: 9003, appProtocol: http2}
                        - {name: web, port: 80, targetPort: http}
                        """);
        assertThat(service)
                .isEqualTo(
                        new Service(
                                service.metadata(),
                                "NodePort",
                                Map.of("app", "a"),
                                List.of(
                                        new Service.Port("grpc", 9002, "9003", "http2"),
                                        new Service.Port("web", 80, "http", null)),
                                "10.0.0.1"));
    }

    @Test
    void deployment() {
        Deployment deployment =
                one(
                        Deployment.class,
                        "apps/v1",
                        """
                        replicas: 3
                        selector: {matchLabels: {app: a}}
                        template:
                          metadata: {labels: {app: a, tier: b}, annotations: {c: d}}
                          spec:
                            initContainers: [{name: i}]
                            containers:
                            - name: epp
                              image: example.com/epp:v1
                              command: [/epp]
                              args: [-v, "4"]
                              env: [{name: A, value: b}, {name: C, valueFrom: {}}, {name: D}]
                              ports: [{name: http, containerPort: 8000}, {containerPort: 9090}]
                              volumeMounts: [{name: config, mountPath: /config}]
                            volumes:
                            - {name: config, configMap: {name: plugins}}
                            - {name: both, projected: {sources: [{secret: {}}, {configMap: {name: other}}]}}
                            - {name: data, emptyDir: {}}
                        """);
        PodSpec.Container container =
                new PodSpec.Container(
                        "epp",
                        "example.com/epp:v1",
                        List.of("/epp"),
                        List.of("-v", "4"),
                        Map.of("A", "b", "D", ""),
                        List.of(
                                new PodSpec.ContainerPort("http", 8000),
                                new PodSpec.ContainerPort("", 9090)),
                        Map.of("config", "/config"));
        assertThat(deployment)
                .isEqualTo(
                        new Deployment(
                                deployment.metadata(),
                                3,
                                new LabelSelector(Map.of("app", "a"), List.of()),
                                Map.of("app", "a", "tier", "b"),
                                Map.of("c", "d"),
                                new PodSpec(
                                        List.of(container),
                                        Map.of("config", "plugins", "both", "other"))));
    }

    @Test
    void readinessAndEndOfPods() {
        String ready = "{podIP: 10.0.0.1, conditions: [{type: Ready, status: \"%s\"}]}";
        assertThat(pod("{}", "{}").ready()).isFalse();
        assertThat(pod("{}", "{podIP: 10.0.0.1}").ready()).isTrue();
        assertThat(pod("{}", ready.formatted("True")).ready()).isTrue();
        assertThat(pod("{}", ready.formatted("False")).ready()).isFalse();
        assertThat(pod("{}", "{podIP: h, conditions: [{type: X, status: \"True\"}]}").ready())
                .isFalse();
        assertThat(pod("{}", "{podIP: \"\", podIPs: [{ip: \"fd00::1\"}]}").address())
                .isEqualTo("fd00::1");
        assertThat(pod("{}", "{}").address()).isNull();
        assertThat(pod("{}", "{hostIP: 10.0.0.9}").nodeAddress()).isEqualTo("10.0.0.9");
        assertThat(pod("{}", "{}").nodeAddress()).isEmpty();
        assertThat(pod("{}", "{}").terminating()).isFalse();
        assertThat(pod("{deletionTimestamp: \"2026-01-31T12:00:00Z\"}", "{}").terminating())
                .isTrue();
    }

    private static Pod pod(String moreMetadata, String status) {
        String metadata =
                moreMetadata.equals("{}") ? "{name: a}" : moreMetadata.replace("{", "{name: a, ");
        return ManifestTesting.one(
                Pod.class,
                "apiVersion: v1\nkind: Pod\nmetadata: " + metadata + "\nstatus: " + status + "\n");
    }

    @Test
    void endpointSlice() {
        EndpointSlice slice =
                ManifestTesting.one(
                        EndpointSlice.class,
                        """
                        apiVersion: discovery.k8s.io/v1
                        kind: EndpointSlice
                        metadata: {name: a}
                        addressType: IPv6
                        endpoints:
                        - {addresses: ["fd00::1"], conditions: {ready: false}, targetRef: {kind: Pod, name: p}}
                        - {addresses: ["fd00::2", "fd00::3"], conditions: {ready: null}}
                        ports: [{name: http, port: 80}, {name: dns, port: 53, protocol: UDP}]
                        """);
        assertThat(slice)
                .isEqualTo(
                        new EndpointSlice(
                                slice.metadata(),
                                "IPv6",
                                List.of(
                                        new EndpointSlice.Endpoint(List.of("fd00::1"), false, "p"),
                                        new EndpointSlice.Endpoint(
                                                List.of("fd00::2", "fd00::3"), true, "")),
                                List.of(new EndpointSlice.Port("http", 80))));
    }

    @Test
    void secretsAreDecodedAndPlainTextWins() {
        Secret secret =
                ManifestTesting.one(
                        Secret.class,
                        """
                        apiVersion: v1
                        kind: Secret
                        metadata: {name: a}
                        type: kubernetes.io/tls
                        data: {a: aGVsbG8=, b: "aGVs\\nbG8=\\n", c: null}
                        stringData: {a: plain}
                        """);
        assertThat(secret.type()).isEqualTo("kubernetes.io/tls");
        assertThat(secret.data()).containsOnlyKeys("a", "b", "c");
        assertThat(secret.data().get("a")).isEqualTo("plain".getBytes(UTF_8));
        assertThat(secret.data().get("b")).isEqualTo("hello".getBytes(UTF_8));
        assertThat(secret.data().get("c")).isEmpty();
    }

    @Test
    void agentgatewayPolicy() {
        AgentgatewayPolicy policy =
                one(
                        AgentgatewayPolicy.class,
                        "agentgateway.dev/v1alpha1",
                        """
                        targetRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: g, sectionName: http}]
                        traffic:
                          phase: PreRouting
                          transformation:
                            request:
                              set:
                              - name: X-Gateway-Base-Model-Name
                                value: |
                                  {"a": "b"}[json(request.body).model]
                        """);
        assertThat(policy.targetRefs()).containsExactly(GATEWAY);
        assertThat(policy.preRoutingHeaders())
                .containsExactly(
                        new HeaderExpression(
                                "X-Gateway-Base-Model-Name",
                                "{\"a\": \"b\"}[json(request.body).model]\n"));
    }

    @Test
    void trafficPolicies() {
        String target =
                "{group: gateway.networking.k8s.io, kind: Gateway, name: g, sectionName: http}";
        ClientTrafficPolicy client =
                one(
                        ClientTrafficPolicy.class,
                        "gateway.envoyproxy.io/v1alpha1",
                        "targetRef: " + target + "\nconnection: {bufferLimit: 20Mi}\n");
        assertThat(client)
                .isEqualTo(new ClientTrafficPolicy(client.metadata(), List.of(GATEWAY), 20L << 20));

        BackendTrafficPolicy backend =
                one(
                        BackendTrafficPolicy.class,
                        "gateway.envoyproxy.io/v1alpha1",
                        "targetRefs: [" + target + "]\ntimeout: {http: {requestTimeout: 24h}}\n");
        assertThat(backend)
                .isEqualTo(
                        new BackendTrafficPolicy(
                                backend.metadata(), List.of(GATEWAY), Duration.ofHours(24)));
    }

    private static <T extends Resource> T one(Class<T> type, String apiVersion, String spec) {
        return ManifestTesting.one(
                type,
                "apiVersion: "
                        + apiVersion
                        + "\nkind: "
                        + type.getSimpleName()
                        + "\nmetadata: {name: a, namespace: team}\nspec:\n"
                        + spec.indent(2));
    }
}

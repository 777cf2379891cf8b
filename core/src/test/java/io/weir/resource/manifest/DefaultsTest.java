package io.weir.resource.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.resource.AgentgatewayPolicy;
import io.weir.resource.BackendTrafficPolicy;
import io.weir.resource.ClientTrafficPolicy;
import io.weir.resource.ConfigMap;
import io.weir.resource.Deployment;
import io.weir.resource.EndpointSlice;
import io.weir.resource.Gateway;
import io.weir.resource.GatewayClass;
import io.weir.resource.HttpRoute;
import io.weir.resource.InferenceModel;
import io.weir.resource.InferenceModelRewrite;
import io.weir.resource.InferenceObjective;
import io.weir.resource.InferencePool;
import io.weir.resource.Namespace;
import io.weir.resource.ObjectMeta;
import io.weir.resource.Origin;
import io.weir.resource.Pod;
import io.weir.resource.ReferenceGrant;
import io.weir.resource.Resource;
import io.weir.resource.Secret;
import io.weir.resource.Service;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.Map;
import java.util.stream.Stream;

/** A manifest that leaves everything out means the same as one that writes every default. */
class DefaultsTest {

    private static final String GATEWAY_API = "gateway.networking.k8s.io/";
    private static final String TARGET =
            "{group: gateway.networking.k8s.io, kind: Gateway, name: g}";

    static Stream<Arguments> kinds() {
        return Stream.of(
                        ofEach(
                                GatewayClass.class,
                                "GatewayClass",
                                "spec: {controllerName: a.b/c}",
                                "spec: {controllerName: a.b/c, description: \"\"}",
                                GATEWAY_API + "v1",
                                GATEWAY_API + "v1beta1"),
                        ofEach(
                                Gateway.class,
                                "Gateway",
                                """
                                spec:
                                  gatewayClassName: c
                                  addresses: [{}]
                                  listeners:
                                  - {name: a, port: 80, protocol: HTTP}
                                  - {name: b, port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: c}]}}
                                  - {name: c, port: 81, protocol: HTTP, allowedRoutes: {kinds: [{kind: HTTPRoute}]}}
                                """,
                                """
                                spec:
                                  gatewayClassName: c
                                  addresses: [{type: IPAddress, value: ""}]
                                  listeners:
                                  - name: a
                                    port: 80
                                    protocol: HTTP
                                    allowedRoutes: {kinds: [], namespaces: {from: Same, selector: {matchLabels: {}, matchExpressions: []}}}
                                  - name: b
                                    port: 443
                                    protocol: HTTPS
                                    tls: {mode: Terminate, certificateRefs: [{group: "", kind: Secret, namespace: default, name: c}]}
                                  - name: c
                                    port: 81
                                    protocol: HTTP
                                    allowedRoutes: {kinds: [{group: gateway.networking.k8s.io, kind: HTTPRoute}]}
                                """
                                        .replace("value: \"\"", "value: null"),
                                GATEWAY_API + "v1",
                                GATEWAY_API + "v1beta1"),
                        ofEach(
                                HttpRoute.class,
                                "HTTPRoute",
                                "",
                                """
                                spec:
                                  parentRefs: []
                                  hostnames: []
                                  rules:
                                  - {filters: [], backendRefs: [], timeouts: {}, matches: [{path: {type: PathPrefix, value: /}, headers: [], queryParams: []}]}
                                """,
                                GATEWAY_API + "v1",
                                GATEWAY_API + "v1beta1"),
                        ofEach(
                                HttpRoute.class,
                                "HTTPRoute",
                                """
                                spec:
                                  parentRefs: [{name: g}]
                                  rules:
                                  - matches:
                                    - path: {value: /a}
                                      headers: [{name: a, value: b}]
                                      queryParams: [{name: a, value: b}]
                                    backendRefs: [{name: s, port: 80}]
                                  - matches: []
                                    filters:
                                    - {type: RequestMirror, requestMirror: {backendRef: {name: s, port: 80}}}
                                    - {type: RequestRedirect, requestRedirect: {}}
                                  - matches: [{}]
                                    filters:
                                    - {type: RequestMirror, requestMirror: {backendRef: {name: s, port: 80}, fraction: {numerator: 5}}}
                                    - {type: RequestHeaderModifier, requestHeaderModifier: {}}
                                    - {type: CORS, cors: {}}
                                """,
                                """
                                spec:
                                  parentRefs: [{group: gateway.networking.k8s.io, kind: Gateway, namespace: default, name: g}]
                                  rules:
                                  - matches:
                                    - path: {type: PathPrefix, value: /a}
                                      headers: [{type: Exact, name: a, value: b}]
                                      queryParams: [{type: Exact, name: a, value: b}]
                                    backendRefs: [{group: "", kind: Service, namespace: default, name: s, port: 80, weight: 1, filters: []}]
                                  - matches: [{path: {type: PathPrefix, value: /}}]
                                    filters:
                                    - {type: RequestMirror, requestMirror: {backendRef: {group: "", kind: Service, namespace: default, name: s, port: 80}, percent: 100}}
                                    - {type: RequestRedirect, requestRedirect: {statusCode: 302}}
                                  - matches: [{path: {}}]
                                    filters:
                                    - {type: RequestMirror, requestMirror: {backendRef: {name: s, port: 80}, fraction: {numerator: 5, denominator: 100}}}
                                    - {type: RequestHeaderModifier, requestHeaderModifier: {set: [], add: [], remove: []}}
                                    - {type: CORS, cors: {allowOrigins: [], allowCredentials: false, allowMethods: [], allowHeaders: [], exposeHeaders: [], maxAge: 5}}
                                """,
                                GATEWAY_API + "v1",
                                GATEWAY_API + "v1beta1"),
                        ofEach(
                                ReferenceGrant.class,
                                "ReferenceGrant",
                                "spec: {from: [{group: a, kind: B, namespace: c}], to: [{group: \"\", kind: B}]}",
                                "spec: {from: [{group: a, kind: B, namespace: c}], to: [{group: \"\", kind: B, name: null}]}",
                                GATEWAY_API + "v1",
                                GATEWAY_API + "v1beta1"),
                        ofEach(
                                InferencePool.class,
                                "InferencePool",
                                "spec: {selector: {matchLabels: {a: b}}, targetPorts: [{number: 1}], endpointPickerRef: {name: p, port: {number: 2}}}",
                                "spec: {appProtocol: http, selector: {matchLabels: {a: b}}, targetPorts: [{number: 1}], endpointPickerRef: {group: \"\", kind: Service, failureMode: FailClose, name: p, port: {number: 2}}}",
                                "inference.networking.k8s.io/v1"),
                        ofEach(
                                InferencePool.class,
                                "InferencePool",
                                "spec: {selector: {a: b}, targetPortNumber: 1, extensionRef: {name: p}}",
                                "spec: {selector: {a: b}, targetPortNumber: 1, extensionRef: {group: \"\", kind: Service, failureMode: FailClose, name: p, portNumber: 9002}}",
                                "inference.networking.x-k8s.io/v1alpha2"),
                        ofEach(
                                InferenceModel.class,
                                "InferenceModel",
                                "spec: {modelName: m, poolRef: {name: p}, targetModels: [{name: a}, {name: b}]}",
                                "spec: {modelName: m, criticality: Standard, poolRef: {group: inference.networking.x-k8s.io, kind: InferencePool, name: p}, targetModels: [{name: a, weight: 1}, {name: b, weight: 1}]}",
                                "inference.networking.x-k8s.io/v1alpha2"),
                        ofEach(
                                InferenceModelRewrite.class,
                                "InferenceModelRewrite",
                                "spec: {poolRef: {name: p}, rules: [{}, {matches: [{model: {value: m}}], targets: [{modelRewrite: o}]}]}",
                                "spec: {poolRef: {group: inference.networking.k8s.io, kind: InferencePool, name: p}, rules: [{matches: []}, {matches: [{model: {type: Exact, value: m}}], targets: [{modelRewrite: o, weight: 1}]}]}",
                                "inference.networking.x-k8s.io/v1alpha2",
                                "inference.networking.k8s.io/v1alpha2",
                                "llm-d.ai/v1alpha2"),
                        ofEach(
                                InferenceObjective.class,
                                "InferenceObjective",
                                "spec: {poolRef: {name: p}}",
                                "spec: {priority: 0, poolRef: {group: inference.networking.k8s.io, kind: InferencePool, name: p}}",
                                "inference.networking.x-k8s.io/v1alpha2",
                                "inference.networking.k8s.io/v1alpha2",
                                "llm-d.ai/v1alpha2"),
                        ofEach(
                                AgentgatewayPolicy.class,
                                "AgentgatewayPolicy",
                                "spec: {targetRefs: [" + TARGET + "], traffic: {}}",
                                "spec: {targetRefs: ["
                                        + TARGET
                                        + "], traffic: {phase: PostRouting, transformation: null}}",
                                "gateway.kgateway.dev/v1alpha1",
                                "agentgateway.dev/v1alpha1"),
                        ofEach(
                                ClientTrafficPolicy.class,
                                "ClientTrafficPolicy",
                                "spec: {targetRef: " + TARGET + "}",
                                "spec: {targetRefs: ["
                                        + TARGET
                                        + "], connection: {bufferLimit: null}}",
                                "gateway.envoyproxy.io/v1alpha1"),
                        ofEach(
                                BackendTrafficPolicy.class,
                                "BackendTrafficPolicy",
                                "spec: {targetRefs: [" + TARGET + "]}",
                                "spec: {targetRef: "
                                        + TARGET
                                        + ", timeout: {http: {requestTimeout: null}}}",
                                "gateway.envoyproxy.io/v1alpha1"),
                        ofEach(
                                Service.class,
                                "Service",
                                "spec: {ports: [{port: 80}]}",
                                "spec: {type: ClusterIP, selector: {}, ports: [{name: \"\", port: 80, targetPort: 80, protocol: TCP}]}"
                                        .replace("name: \"\", ", ""),
                                "v1"),
                        ofEach(
                                Pod.class,
                                "Pod",
                                "",
                                "spec: {containers: [], volumes: []}\nstatus: {conditions: []}",
                                "v1"),
                        ofEach(
                                Pod.class,
                                "Pod",
                                "status: {podIP: 10.0.0.1}",
                                "status: {podIP: 10.0.0.1, podIPs: [{ip: 10.0.0.1}], conditions: [{type: Ready, status: \"True\"}]}",
                                "v1"),
                        ofEach(ConfigMap.class, "ConfigMap", "", "data: {}", "v1"),
                        ofEach(
                                Namespace.class,
                                "Namespace",
                                "",
                                "spec: {}\nstatus: {phase: Active}",
                                "v1"),
                        ofEach(
                                Deployment.class,
                                "Deployment",
                                "spec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: c, image: d, ports: [{containerPort: 1}]}]}}}",
                                "spec: {replicas: 1, selector: {matchLabels: {a: b}, matchExpressions: []}, template: {metadata: {labels: {a: b}, annotations: {}}, spec: {volumes: [], containers: [{name: c, image: d, command: [], args: [], env: [], volumeMounts: [], ports: [{name: null, protocol: TCP, containerPort: 1}]}]}}}",
                                "apps/v1"),
                        ofEach(
                                EndpointSlice.class,
                                "EndpointSlice",
                                "addressType: IPv4\nendpoints: [{addresses: [10.0.0.1]}]\nports: [{port: 1}]",
                                "addressType: IPv4\nendpoints: [{addresses: [10.0.0.1], conditions: {ready: true}, targetRef: {kind: Node, name: n}}]\nports: [{name: \"\", protocol: TCP, port: 1}]",
                                "discovery.k8s.io/v1"))
                .flatMap(each -> each);
    }

    private static Stream<Arguments> ofEach(
            Class<? extends Resource> type,
            String kind,
            String shortForm,
            String longForm,
            String... apiVersions) {
        return Stream.of(apiVersions)
                .map(version -> Arguments.of(type, kind, version, shortForm, longForm));
    }

    @ParameterizedTest(name = "{2} {1}")
    @MethodSource("kinds")
    void whatIsLeftOutMeansTheDefault(
            Class<? extends Resource> type,
            String kind,
            String apiVersion,
            String shortForm,
            String longForm) {
        Resource terse = ManifestTesting.one(type, manifest(kind, apiVersion, shortForm));
        Resource verbose = ManifestTesting.one(type, manifest(kind, apiVersion, longForm));
        assertThat(terse).isEqualTo(verbose);
        assertThat(terse.kind()).isEqualTo(kind);
        assertThat(terse.metadata()).isEqualTo(meta(apiVersion, terse));
    }

    private static String manifest(String kind, String apiVersion, String body) {
        String spec = kind.equals("HTTPRoute") && body.isEmpty() ? "spec: {}" : body;
        return "apiVersion: "
                + apiVersion
                + "\nkind: "
                + kind
                + "\nmetadata: {name: x}\n"
                + spec
                + "\n";
    }

    private static ObjectMeta meta(String apiVersion, Resource resource) {
        boolean cluster = resource instanceof GatewayClass || resource instanceof Namespace;
        int slash = apiVersion.indexOf('/');
        return new ObjectMeta(
                slash < 0 ? "" : apiVersion.substring(0, slash),
                apiVersion.substring(slash + 1),
                cluster ? "" : "default",
                "x",
                Map.of(),
                Map.of(),
                1,
                ManifestTesting.NOW,
                new Origin("file.yaml", 1));
    }

    @Test
    void aSecretIsOpaqueAndEmpty() {
        Secret secret =
                ManifestTesting.one(
                        Secret.class, "apiVersion: v1\nkind: Secret\nmetadata: {name: x}\n");
        assertThat(secret.type()).isEqualTo("Opaque");
        assertThat(secret.data()).isEmpty();
    }
}

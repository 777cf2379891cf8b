package io.weir.app.journey;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * The guides of the inference extension, command by command: definitions first, then servers, pools
 * with their pickers, a gateway, routes and models, each with manifests of the guides' shape.
 */
class GuidesTest {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String ADDRESS = "jsonpath={.status.addresses[0].value}";

    @TempDir Path folder;
    @TempDir Path home;

    private Path manifest(String name, String text) throws Exception {
        return Files.writeString(folder.resolve(name + ".yaml"), text);
    }

    private static String definition(String group, String version, String schema) {
        return """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: inferencepools.%s}
        spec:
          group: %s
          scope: Namespaced
          names: {kind: InferencePool, listKind: InferencePoolList, plural: inferencepools, singular: inferencepool}
          versions:
          - name: %s
            served: true
            storage: true
            subresources: {status: {}}
            schema:
              openAPIV3Schema:
                type: object
                required: [spec]
                properties:
                  spec:
                    description: What is wanted of the pool.
                    type: object
        %s
                  status: {type: object, x-kubernetes-preserve-unknown-fields: true}
        """
                .formatted(group, group, version, schema.indent(12).stripTrailing());
    }

    private static final String OLD_POOL_SCHEMA =
            """
            required: [selector, targetPortNumber]
            properties:
              selector: {type: object, additionalProperties: {type: string}}
              targetPortNumber: {type: integer, minimum: 1, maximum: 65535}
              extensionRef:
                type: object
                properties:
                  name: {type: string}
                  group: {type: string, default: ""}
                  kind: {type: string, default: Service}
                  failureMode: {type: string, default: FailClose}
            """;

    private static final String POOL_SCHEMA =
            """
            required: [selector, targetPorts]
            properties:
              selector:
                type: object
                properties:
                  matchLabels: {type: object, additionalProperties: {type: string}}
              targetPorts:
                type: array
                maxItems: 8
                items: {type: object, properties: {number: {type: integer}}}
              endpointPickerRef:
                type: object
                properties:
                  name: {type: string}
                  port: {type: object, properties: {number: {type: integer}}}
                  group: {type: string, default: ""}
                  kind: {type: string, default: Service}
                  failureMode: {type: string, default: FailClose}
            """;

    private static String servers(String name, String model, String adapter) {
        return """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: %1$s}
        spec:
          replicas: 2
          selector: {matchLabels: {app: %1$s}}
          template:
            metadata: {labels: {app: %1$s}}
            spec:
              containers:
              - name: vllm-sim
                image: ghcr.io/llm-d/llm-d-inference-sim:v0.6.1
                args: [--model, %2$s, --port, "8000", --max-loras, "2", --lora-modules, '{"name": "%3$s"}']
                env:
                - name: POD_NAME
                  valueFrom: {fieldRef: {fieldPath: metadata.name}}
                ports: [{containerPort: 8000, name: http, protocol: TCP}]
                resources: {requests: {cpu: 10m}}
        """
                .formatted(name, model, adapter);
    }

    private static String picker(String name) {
        return """
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: %1$s-epp}
        spec:
          selector: {app: %1$s-epp}
          ports: [{protocol: TCP, port: 9002, targetPort: 9002, appProtocol: http2}]
          type: ClusterIP
        ---
        apiVersion: v1
        kind: ServiceAccount
        metadata: {name: %1$s-epp}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: %1$s-epp}
        spec:
          replicas: 1
          selector: {matchLabels: {app: %1$s-epp}}
          template:
            metadata: {labels: {app: %1$s-epp}}
            spec:
              serviceAccountName: %1$s-epp
              containers:
              - name: epp
                image: registry.k8s.io/gateway-api-inference-extension/epp:v1.4.0
                args: [--pool-name, %1$s, --grpc-port, "9002"]
        ---
        kind: ClusterRole
        apiVersion: rbac.authorization.k8s.io/v1
        metadata: {name: %1$s-read}
        rules:
        - {apiGroups: [""], resources: [pods], verbs: [get, watch, list]}
        ---
        kind: ClusterRoleBinding
        apiVersion: rbac.authorization.k8s.io/v1
        metadata: {name: %1$s-read}
        subjects: [{kind: ServiceAccount, name: %1$s-epp, namespace: default}]
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: %1$s-read}
        ---
        apiVersion: networking.istio.io/v1
        kind: DestinationRule
        metadata: {name: %1$s-epp}
        spec: {host: %1$s-epp, trafficPolicy: {tls: {mode: SIMPLE, insecureSkipVerify: true}}}
        """
                .formatted(name);
    }

    private static String oldPool(String name) {
        return """
        apiVersion: inference.networking.x-k8s.io/v1alpha2
        kind: InferencePool
        metadata: {name: %1$s}
        spec:
          targetPortNumber: 8000
          selector: {app: %1$s}
          extensionRef: {name: %1$s-epp}
        """
                .formatted(name);
    }

    private static String pool(String name) {
        return """
        apiVersion: inference.networking.k8s.io/v1
        kind: InferencePool
        metadata: {name: %1$s}
        spec:
          targetPorts: [{number: 8000}]
          selector: {matchLabels: {app: %1$s}}
          endpointPickerRef: {name: %1$s-epp, port: {number: 9002}}
        """
                .formatted(name);
    }

    private static String model(String name, String pool) {
        return """
        apiVersion: inference.networking.x-k8s.io/v1alpha2
        kind: InferenceModel
        metadata: {name: %1$s}
        spec:
          modelName: %1$s
          criticality: Standard
          poolRef: {name: %2$s}
          targetModels: [{name: %1$s-1, weight: 100}]
        """
                .formatted(name, pool);
    }

    private static final String GATEWAY =
            """
            apiVersion: gateway.networking.k8s.io/v1
            kind: Gateway
            metadata: {name: inference-gateway}
            spec:
              gatewayClassName: istio
              listeners: [{name: http, port: 80, protocol: HTTP}]
            """;

    private static String route(String group, String pool, String header) {
        return """
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: {name: %2$s}
        spec:
          parentRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: inference-gateway}]
          rules:
          - backendRefs: [{group: %1$s, kind: InferencePool, name: %2$s}]
            matches:
            - path: {type: PathPrefix, value: /}
        %3$s
            timeouts: {request: 300s}
        """
                .formatted(group, pool, header.indent(6).stripTrailing());
    }

    private void apply(Kubectl kubectl, String name, String text) throws Exception {
        kubectl.run("apply", "-f", manifest(name, text).toString());
    }

    @Test
    void anExperimentalPoolIsServedFromItsDefinitionOn() throws Exception {
        try (WeirRunner weir = WeirRunner.up("--empty")) {
            Kubectl kubectl = Kubectl.of(weir, home);
            String group = "inference.networking.x-k8s.io";
            apply(kubectl, "crd", definition(group, "v1alpha2", OLD_POOL_SCHEMA));
            kubectl.run(
                    "wait",
                    "--for=condition=Established",
                    "crd/inferencepools." + group,
                    "--timeout=10s");
            apply(kubectl, "servers", servers("llama", "meta/llama", "review-1"));
            apply(kubectl, "model", model("review", "llama"));
            apply(kubectl, "gateway", GATEWAY);
            apply(kubectl, "route", route(group, "llama", ""));
            until(() -> condition(kubectl, "httproute/llama").equals("False BackendNotFound"));
            apply(kubectl, "pool", oldPool("llama") + picker("llama"));

            until(() -> kubectl.run("get", "inferencepools", "-o", "name").endsWith("/llama"));
            assertThat(kubectl.run("get", "inferencepools")).contains("llama");
            kubectl.run("wait", "--for=condition=Ready", "pod", "--all", "--timeout=20s");
            assertThat(kubectl.run("get", "pods").lines().filter(line -> line.contains("1/1")))
                    .hasSize(3);
            until(() ->
                    kubectl.run("get", "gateway/inference-gateway", "-o", ADDRESS)
                            .equals("127.0.0.1"));
            until(() -> condition(kubectl, "httproute/llama").equals("True ResolvedRefs"));
            until(() -> weir.chat("review").status() == 200);
            assertThat(weir.chat("review").body()).contains("review-1");
            assertThat(kubectl.run("explain", "inferencepool.spec"))
                    .contains("What is wanted of the pool.");
            assertThat(kubectl.run("describe", "inferencepool", "llama"))
                    .contains("Target Port Number:  8000");
        }
    }

    @Test
    void twoPoolsAreServedByTheModelInTheBody() throws Exception {
        try (WeirRunner weir = WeirRunner.up("--empty")) {
            Kubectl kubectl = Kubectl.of(weir, home);
            String group = "inference.networking.k8s.io";
            apply(kubectl, "crd", definition(group, "v1", POOL_SCHEMA));
            apply(kubectl, "gateway", GATEWAY);
            for (String name : new String[] {"llama", "deepseek"}) {
                apply(kubectl, name, servers(name, "base/" + name, name + "-lora"));
                apply(kubectl, name + "-pool", pool(name) + picker(name));
                apply(kubectl, name + "-map", adapters(name));
                apply(kubectl, name + "-route", route(group, name, header(name)));
            }
            assertThat(kubectl.run("get", "inferencepools", "-o", "name").lines()).hasSize(2);
            kubectl.run("wait", "--for=condition=Ready", "pod", "--all", "--timeout=20s");
            assertThat(kubectl.run("get", "pods", "-o", "name").lines()).hasSize(6);

            for (String name : new String[] {"llama", "deepseek"}) {
                for (String model : new String[] {"base/" + name, name + "-lora"}) {
                    until(() -> weir.chat(model).status() == 200);
                    assertThat(weir.chat(model).pod()).as(model).startsWith(name + "-");
                }
            }
            assertThat(weir.completion("deepseek-lora").status()).isEqualTo(200);
        }
    }

    private static String header(String name) {
        return """
        headers:
        - {type: Exact, name: X-Gateway-Base-Model-Name, value: base/%s}
        """
                .formatted(name);
    }

    private static String adapters(String name) {
        return """
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: %1$s-adapters
          labels: {inference.networking.k8s.io/bbr-managed: "true"}
        data:
          baseModel: base/%1$s
          adapters: |
            - %1$s-lora
        """
                .formatted(name);
    }

    private static String condition(Kubectl kubectl, String object) {
        String path = "{range .status.parents[0].conditions[?(@.type==\"ResolvedRefs\")]}";
        return kubectl.run("get", object, "-o", "jsonpath=" + path + "{.status} {.reason}{end}");
    }

    private static void until(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + SOON.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(end);
            Thread.sleep(50);
        }
    }
}

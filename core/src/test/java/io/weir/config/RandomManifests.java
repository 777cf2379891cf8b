package io.weir.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Random manifests of every kind, over few names so that they often refer to each other. Some are
 * not valid.
 */
final class RandomManifests {

    private static final String POOLS = "inference.networking.k8s.io";
    private static final String OLD_POOLS = "inference.networking.x-k8s.io";
    private static final String GATEWAYS = "gateway.networking.k8s.io";

    private final Random random;
    private final List<Supplier<String>> kinds =
            List.of(
                    this::gateway,
                    this::gatewayClass,
                    this::namespace,
                    this::route,
                    this::route,
                    this::route,
                    this::route,
                    this::pool,
                    this::pool,
                    this::pod,
                    this::pod,
                    this::pod,
                    this::service,
                    this::slice,
                    this::deployment,
                    this::configMap,
                    this::grant,
                    this::certificates,
                    this::rewrite,
                    this::model,
                    this::objective,
                    this::requestTimeout,
                    this::bodyLimit,
                    this::headers);

    RandomManifests(Random random) {
        this.random = random;
    }

    /** Returns a manifest of a random kind. */
    String next() {
        return pick(kinds).get();
    }

    private String gateway() {
        StringBuilder listeners = new StringBuilder();
        for (int i = 0; i <= random.nextInt(3); i++) {
            listeners.append(
                    "  - {name: l%d, port: %s, protocol: %s%s, allowedRoutes: {namespaces: %s}}\n"
                            .formatted(
                                    i,
                                    of("80", "8080"),
                                    of("HTTP", "HTTP", "HTTP", "TCP"),
                                    of("", "", ", hostname: \"*.a.com\"", ", hostname: b.a.com"),
                                    of(
                                            "{from: All}",
                                            "{from: All}",
                                            "{from: Same}",
                                            "{from: Selector, selector: {matchLabels: {team: a}}}")));
        }
        return object(GATEWAYS + "/v1", "Gateway", of("g0", "g1"), "default")
                + "spec:\n  gatewayClassName: %s\n  listeners:\n".formatted(of("weir", "implicit"))
                + listeners;
    }

    private String gatewayClass() {
        return """
        apiVersion: gateway.networking.k8s.io/v1
        kind: GatewayClass
        metadata: {name: weir}
        spec: {controllerName: %s}
        """
                .formatted(of("weir.dev/gateway-controller", "weir.dev/x", "other/x"));
    }

    private String namespace() {
        return """
        apiVersion: v1
        kind: Namespace
        metadata: {name: %s, labels: {team: %s}}
        """
                .formatted(space(), of("a", "b"));
    }

    private String route() {
        StringBuilder rules = new StringBuilder();
        for (int i = 0; i <= random.nextInt(3); i++) {
            rules.append(rule(List.of("one", "two", "three").get(i)));
        }
        return object(GATEWAYS + "/v1", "HTTPRoute", "r" + random.nextInt(8), space())
                + "spec:\n  parentRefs: [%s]\n  hostnames: [%s]\n  rules:\n"
                        .formatted(
                                some(
                                        2,
                                        () ->
                                                "{name: %s, namespace: default%s}"
                                                        .formatted(
                                                                of("g0", "g0", "g1", "g2"),
                                                                of(
                                                                        "",
                                                                        "",
                                                                        ", sectionName: l0",
                                                                        ", port: 80"))),
                                some(2, () -> of("a.com", "b.a.com", "\"*.a.com\"", "x.org")))
                + rules;
    }

    private String rule(String name) {
        return """
          - name: %s
            matches: [%s]
            filters: [%s]
            timeouts: %s
            backendRefs: [%s]
        """
                .formatted(
                        name,
                        some(2, this::match),
                        of(
                                "",
                                "",
                                "{type: URLRewrite, urlRewrite: {hostname: x.y}}",
                                "{type: ExtensionRef, extensionRef: {group: g, kind: K, name: n}}",
                                "{type: RequestMirror, requestMirror: {backendRef: {name: s0, port: 80}}}"),
                        of("{}", "{}", "{request: 3s}"),
                        some(3, this::backend));
    }

    private String match() {
        return "{path: {type: %s, value: %s}%s%s}"
                .formatted(
                        of("Exact", "PathPrefix", "PathPrefix", "RegularExpression"),
                        of("/", "/a", "/a/b", "/b"),
                        of(
                                "",
                                ", headers: [{name: X-Gateway-Base-Model-Name, value: %s}]"
                                        .formatted(of("m0", "m1", "m2")),
                                ", headers: [{name: x-one, value: \"1\"}]"),
                        of("", "", ", method: GET"));
    }

    private String backend() {
        String target =
                random.nextInt(4) == 0
                        ? "name: %s, port: %s".formatted(of("s0", "s1"), of("80", "80", "81"))
                        : "group: %s, kind: InferencePool, name: %s"
                                .formatted(of(POOLS, POOLS, OLD_POOLS), poolName());
        return "{%s%s, weight: %s}"
                .formatted(target, of("", "", ", namespace: default"), of("0", "1", "3", "90"));
    }

    private String pool() {
        String picker =
                of("", "", "  endpointPickerRef: {name: %s, port: {number: %s}}\n")
                        .formatted(of("s0", "s1", "s2"), of("80", "80", "9002"));
        String protocol = of("", "", "", "  appProtocol: kubernetes.io/h2c\n");
        return object(POOLS + "/v1", "InferencePool", poolName(), space())
                + "spec:\n  selector: {matchLabels: {app: %s}}\n".formatted(app())
                + "  targetPorts: [{number: 8000}%s]\n".formatted(of("", ", {number: 8001}"))
                + picker
                + protocol;
    }

    private String pod() {
        return """
        apiVersion: v1
        kind: Pod
        metadata: {name: pod%d, namespace: %s, labels: {app: %s, extra: %s}}
        spec: {containers: [{name: c, image: vllm, ports: [{name: http, containerPort: 8000}]}]}
        status: {podIP: 10.0.0.%d, conditions: [{type: Ready, status: "%s"}]}
        """
                .formatted(
                        random.nextInt(12),
                        space(),
                        app(),
                        of("d", "e"),
                        1 + random.nextInt(9),
                        of("True", "True", "False"));
    }

    private String service() {
        return object("v1", "Service", of("s0", "s1"), space())
                + of(
                                "spec: {type: ExternalName, externalName: e.com, ports: [{port: 80}]}\n",
                                "spec: {selector: {app: %s}, ports: [{port: 80, targetPort: http}]}\n",
                                "spec: {selector: {app: %s}, ports: [{port: 80, targetPort: 9}]}\n")
                        .formatted(app());
    }

    private String slice() {
        return """
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: {name: %s, namespace: %s, labels: {kubernetes.io/service-name: %s, app: %s}}
        addressType: IPv4
        ports: [{name: "", port: 3000}]
        endpoints: [{addresses: [10.1.0.%d], conditions: {ready: %s}}]
        """
                .formatted(
                        of("e0", "e1"),
                        space(),
                        of("s0", "s1"),
                        app(),
                        1 + random.nextInt(5),
                        of("true", "false"));
    }

    private String deployment() {
        return """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: %1$s, namespace: %2$s}
        spec:
          replicas: %3$d
          selector: {matchLabels: {app: %4$s}}
          template:
            metadata: {labels: {app: %4$s}}
            spec: {containers: [{name: c, image: %5$s, ports: [{containerPort: 8000}]}]}
        """
                .formatted(
                        of("d0", "d1"), space(), random.nextInt(3), app(), of("simulator", "epp"));
    }

    private String configMap() {
        return """
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: %s
          labels: {inference.networking.k8s.io/bbr-managed: "%s"}
        data:
          baseModel: %s
          adapters: "%s"
          ca.crt: %s
        """
                .formatted(
                        of("c0", "c1", "c2"),
                        of("true", "true", "false"),
                        of("m0", "m1", "\"\""),
                        of("[u, v]", "[v]", "[u, w]", "not: a list"),
                        of("one", "two"));
    }

    private String certificates() {
        return object(GATEWAYS + "/v1", "BackendTLSPolicy", of("t0", "t1"), space())
                + """
                spec:
                  targetRefs: [{group: "", kind: Service, name: %s}]
                  validation: {hostname: epp.com, caCertificateRefs: [{group: "", kind: ConfigMap, name: %s}]}
                """
                        .formatted(of("s0", "s1", "s2"), of("c0", "c1", "c3"));
    }

    private String grant() {
        return object("gateway.networking.k8s.io/v1beta1", "ReferenceGrant", of("a", "b"), space())
                + """
                spec:
                  from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: %s}]
                  to: [{group: "%s", kind: %s}]
                """
                        .formatted(
                                space(),
                                of("", POOLS),
                                of("Service", "InferencePool", "InferencePool"));
    }

    private String rewrite() {
        return object(
                        "inference.networking.x-k8s.io/v1alpha2",
                        "InferenceModelRewrite",
                        of("w0", "w1"),
                        space())
                + """
                spec:
                  poolRef: {group: %s, name: %s}
                  rules:
                  - {matches: [{model: {value: %s}}], targets: [{modelRewrite: a, weight: %s}, {modelRewrite: b, weight: %s}]}
                """
                        .formatted(
                                of(POOLS, OLD_POOLS),
                                poolName(),
                                of("alias", "other"),
                                of("1", "5"),
                                of("1", "9"));
    }

    private String model() {
        return object(
                        "inference.networking.x-k8s.io/v1alpha2",
                        "InferenceModel",
                        of("i0", "i1"),
                        space())
                + "spec: {modelName: %s, criticality: %s, poolRef: {group: %s, name: %s}}\n"
                        .formatted(
                                of("alias", "own"), of("Critical", "Sheddable"), POOLS, poolName());
    }

    private String objective() {
        return object(
                        "inference.networking.x-k8s.io/v1alpha2",
                        "InferenceObjective",
                        of("o0", "o1"),
                        space())
                + "spec: {priority: %s, poolRef: {group: %s, name: %s}}\n"
                        .formatted(of("1", "2"), POOLS, poolName());
    }

    private String requestTimeout() {
        return object(
                        "gateway.envoyproxy.io/v1alpha1",
                        "BackendTrafficPolicy",
                        of("t0", "t1"),
                        "default")
                + """
                spec:
                  targetRefs: [{group: gateway.networking.k8s.io, %s}]
                  timeout: {http: {requestTimeout: %s}}
                """
                        .formatted(
                                of(
                                        "kind: Gateway, name: g0",
                                        "kind: Gateway, name: g0, sectionName: l0",
                                        "kind: HTTPRoute, name: r1",
                                        "kind: HTTPRoute, name: r2, sectionName: one"),
                                of("7s", "9s"));
    }

    private String bodyLimit() {
        return object(
                        "gateway.envoyproxy.io/v1alpha1",
                        "ClientTrafficPolicy",
                        of("t0", "t1"),
                        "default")
                + """
                spec:
                  targetRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: %s}]
                  connection: {bufferLimit: %s}
                """
                        .formatted(of("g0", "g1"), of("1Mi", "2Mi"));
    }

    private String headers() {
        return object(
                        "gateway.kgateway.dev/v1alpha1",
                        "AgentgatewayPolicy",
                        of("h0", "h1"),
                        "default")
                + """
                spec:
                  targetRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: %s}]
                  traffic:
                    phase: PreRouting
                    transformation:
                      request:
                        set: [{name: %s, value: "{'a': '%s'}[json(request.body).model]"}]
                """
                        .formatted(of("g0", "g1"), of("x-one", "x-two"), of("m0", "m1"));
    }

    private static String object(String version, String kind, String name, String namespace) {
        return "apiVersion: %s\nkind: %s\nmetadata: {name: %s, namespace: %s}\n"
                .formatted(version, kind, name, namespace);
    }

    private String space() {
        return of("default", "default", "other");
    }

    private String poolName() {
        return of("p0", "p1", "p2");
    }

    private String app() {
        return of("a", "b", "c");
    }

    private String some(int most, Supplier<String> part) {
        List<String> parts = new ArrayList<>();
        IntStream.rangeClosed(0, random.nextInt(most)).forEach(_ -> parts.add(part.get()));
        return String.join(", ", Stream.of(parts).flatMap(List::stream).distinct().toList());
    }

    private String of(String... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}

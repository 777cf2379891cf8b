package io.weir.bench.propagation;

/** The objects of the benchmark, as JSON. */
final class Manifests {

    static final String CORE = "/api/v1/namespaces/default/";
    static final String PODS = CORE + "pods";
    static final String GATEWAY_API = "/apis/gateway.networking.k8s.io/v1/";
    static final String CLASSES = GATEWAY_API + "gatewayclasses";
    static final String GATEWAYS = GATEWAY_API + "namespaces/default/gateways";
    static final String ROUTES = GATEWAY_API + "namespaces/default/httproutes";
    static final String GRANTS =
            "/apis/gateway.networking.k8s.io/v1beta1/namespaces/far/referencegrants";
    static final String POOLS =
            "/apis/inference.networking.k8s.io/v1/namespaces/default/inferencepools";

    private Manifests() {}

    static String services(String namespace) {
        return "/api/v1/namespaces/" + namespace + "/services";
    }

    static String slices(String namespace) {
        return "/apis/discovery.k8s.io/v1/namespaces/" + namespace + "/endpointslices";
    }

    static String namespace(String name) {
        return """
        {"apiVersion":"v1","kind":"Namespace","metadata":{"name":"%s"}}
        """
                .formatted(name);
    }

    /** A Service whose endpoints are written by hand. */
    static String service() {
        return """
        {"apiVersion":"v1","kind":"Service","metadata":{"name":"service"},
         "spec":{"ports":[{"port":80}]}}
        """;
    }

    static String slice(int port) {
        return """
        {"apiVersion":"discovery.k8s.io/v1","kind":"EndpointSlice",
         "metadata":{"name":"service","labels":{"kubernetes.io/service-name":"service"}},
         "addressType":"IPv4","ports":[{"port":%d}],
         "endpoints":[{"addresses":["127.0.0.1"],"conditions":{"ready":true}}]}
        """
                .formatted(port);
    }

    static String serviceRef(String namespace) {
        return """
        {"name":"service","namespace":"%s","port":80}
        """
                .formatted(namespace);
    }

    static String grant(String namespace) {
        return """
        {"apiVersion":"gateway.networking.k8s.io/v1beta1","kind":"ReferenceGrant",
         "metadata":{"name":"grant"},"spec":%s}
        """
                .formatted(grantFrom(namespace));
    }

    static String grantFrom(String namespace) {
        return """
        {"from":[{"group":"gateway.networking.k8s.io","kind":"HTTPRoute","namespace":"%s"}],
         "to":[{"group":"","kind":"Service"}]}
        """
                .formatted(namespace);
    }

    static String gatewayClass() {
        return """
        {"apiVersion":"gateway.networking.k8s.io/v1","kind":"GatewayClass",
         "metadata":{"name":"weir"},"spec":{"controllerName":"weir.dev/gateway-controller"}}
        """;
    }

    static String gateway(int port, String hostname) {
        return """
        {"apiVersion":"gateway.networking.k8s.io/v1","kind":"Gateway",
         "metadata":{"name":"gateway"},
         "spec":{"gatewayClassName":"weir","listeners":[
           {"name":"main","port":%d,"protocol":"HTTP"},
           {"name":"probe","port":%d,"protocol":"HTTP","hostname":"%s"}]}}
        """
                .formatted(port, port, hostname);
    }

    /** Every second route is for a host of its own, the others are for all hosts. */
    static String route(int index, String pool) {
        String host = index % 2 == 0 ? "" : "\"hostnames\":[\"team-" + index + ".example\"],";
        return route("team-" + index, "main", host, "/team-" + index, ref(pool, 1));
    }

    static String route(
            String name, String listener, String hostnames, String path, String backendRefs) {
        return """
        {"apiVersion":"gateway.networking.k8s.io/v1","kind":"HTTPRoute",
         "metadata":{"name":"%s"},
         "spec":{"parentRefs":[{"name":"gateway","sectionName":"%s"}],%s
                 "rules":%s}}
        """
                .formatted(name, listener, hostnames, rules(path, backendRefs));
    }

    static String rules(String path, String backendRefs) {
        return """
        [{"matches":[{"path":{"type":"PathPrefix","value":"%s"}}],"backendRefs":[%s]}]
        """
                .formatted(path, backendRefs);
    }

    static String ref(String pool, int weight) {
        return """
        {"group":"inference.networking.k8s.io","kind":"InferencePool","name":"%s","weight":%d}
        """
                .formatted(pool, weight);
    }

    static String pool(String name, String app, int port) {
        return """
        {"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool",
         "metadata":{"name":"%s"},
         "spec":{"selector":{"matchLabels":{"app":"%s"}},"targetPorts":[{"number":%d}],
                 "endpointPickerRef":{"name":"epp","port":{"number":9002}}}}
        """
                .formatted(name, app, port);
    }

    static String pod(String name, String app) {
        return """
        {"apiVersion":"v1","kind":"Pod","metadata":{"name":"%s","labels":{"app":"%s"}},
         "spec":{"containers":[{"name":"server","image":"server"}]}}
        """
                .formatted(name, app);
    }

    static String podStatus(String address, boolean ready) {
        return """
        {"status":{"phase":"Running","podIP":"%s","podIPs":[{"ip":"%s"}],
         "conditions":[{"type":"Ready","status":"%s"}]}}
        """
                .formatted(address, address, ready ? "True" : "False");
    }
}

package io.weir.resource.manifest;

import io.weir.resource.ObjectMeta;
import io.weir.resource.Resource;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The kinds that Weir reads, and others that it knows by name. */
final class Kinds {

    private static final String GATEWAY = "gateway.networking.k8s.io";
    private static final String POOL = "inference.networking.k8s.io";
    private static final String POOL_X = "inference.networking.x-k8s.io";
    private static final String LLM_D = "llm-d.ai";
    private static final String ENVOY = "gateway.envoyproxy.io";

    private static final List<Kind> ALL =
            List.of(
                    cluster("GatewayClass", GATEWAY, Decoder.GATEWAY_CLASS, "v1", "v1beta1"),
                    kind("Gateway", GATEWAY, Decoder.GATEWAY, "v1", "v1beta1"),
                    kind("HTTPRoute", GATEWAY, Decoder.HTTP_ROUTE, "v1", "v1beta1"),
                    kind("BackendTLSPolicy", GATEWAY, Decoder.BACKEND_TLS_POLICY, "v1"),
                    kind("ReferenceGrant", GATEWAY, Decoder.REFERENCE_GRANT, "v1", "v1beta1"),
                    kind("InferencePool", POOL, Decoder.INFERENCE_POOL, "v1"),
                    kind("InferencePool", POOL_X, Decoder.INFERENCE_POOL_ALPHA, "v1alpha2"),
                    kind("InferenceModel", POOL_X, Decoder.INFERENCE_MODEL, "v1alpha2"),
                    rewrite(POOL_X),
                    rewrite(POOL),
                    rewrite(LLM_D),
                    objective(POOL_X),
                    objective(POOL),
                    objective(LLM_D),
                    agentgatewayPolicy("gateway.kgateway.dev"),
                    agentgatewayPolicy("agentgateway.dev"),
                    kind("ClientTrafficPolicy", ENVOY, Decoder.CLIENT_TRAFFIC_POLICY, "v1alpha1"),
                    kind("BackendTrafficPolicy", ENVOY, Decoder.BACKEND_TRAFFIC_POLICY, "v1alpha1"),
                    kind("Service", "", Decoder.SERVICE, "v1"),
                    kind("Pod", "", Decoder.POD, "v1"),
                    kind("ConfigMap", "", Decoder.CONFIG_MAP, "v1"),
                    kind("Secret", "", Decoder.SECRET, "v1"),
                    cluster("Namespace", "", Decoder.NAMESPACE, "v1"),
                    kind("Deployment", "apps", Decoder.DEPLOYMENT, "v1"),
                    kind("EndpointSlice", "discovery.k8s.io", Decoder.ENDPOINT_SLICE, "v1"));

    private static final Map<String, Set<String>> OTHERS =
            Map.of(
                    GATEWAY,
                    Set.of("GRPCRoute", "TLSRoute", "TCPRoute", "UDPRoute", "ListenerSet"),
                    POOL_X,
                    Set.of("InferencePoolImport", "EndpointPickerConfig"),
                    LLM_D,
                    Set.of("EndpointPickerConfig"));

    private Kinds() {}

    /**
     * One kind of one group.
     *
     * @param name for instance {@code HTTPRoute}
     * @param group API group, empty for core
     * @param versions versions that are read
     * @param namespaced whether its objects live in namespaces
     * @param decoder reads everything but the metadata
     */
    record Kind(
            String name, String group, Set<String> versions, boolean namespaced, Decoder decoder) {

        /** Returns for instance {@code gateway.networking.k8s.io/v1 or …/v1beta1}. */
        String apiVersions() {
            return Fields.oneOf(
                    versions.stream().map(v -> group.isEmpty() ? v : group + "/" + v).toList());
        }
    }

    /** Reads one kind; a switch rather than function values, which would all be made at start. */
    enum Decoder {
        AGENTGATEWAY_POLICY,
        BACKEND_TLS_POLICY,
        BACKEND_TRAFFIC_POLICY,
        CLIENT_TRAFFIC_POLICY,
        CONFIG_MAP,
        DEPLOYMENT,
        ENDPOINT_SLICE,
        GATEWAY,
        GATEWAY_CLASS,
        HTTP_ROUTE,
        INFERENCE_MODEL,
        INFERENCE_MODEL_REWRITE,
        INFERENCE_OBJECTIVE,
        INFERENCE_POOL,
        INFERENCE_POOL_ALPHA,
        NAMESPACE,
        POD,
        REFERENCE_GRANT,
        SECRET,
        SERVICE;

        /** Returns the object; what is wrong is recorded by the fields. */
        Resource decode(ObjectMeta metadata, Fields object) {
            return switch (this) {
                case AGENTGATEWAY_POLICY -> AgentgatewayPolicyDecoder.decode(metadata, object);
                case BACKEND_TLS_POLICY -> BackendTlsPolicyDecoder.decode(metadata, object);
                case BACKEND_TRAFFIC_POLICY -> TrafficPolicyDecoder.decodeBackend(metadata, object);
                case CLIENT_TRAFFIC_POLICY -> TrafficPolicyDecoder.decodeClient(metadata, object);
                case CONFIG_MAP -> ConfigMapDecoder.decode(metadata, object);
                case DEPLOYMENT -> DeploymentDecoder.decode(metadata, object);
                case ENDPOINT_SLICE -> EndpointSliceDecoder.decode(metadata, object);
                case GATEWAY -> GatewayDecoder.decode(metadata, object);
                case GATEWAY_CLASS -> GatewayClassDecoder.decode(metadata, object);
                case HTTP_ROUTE -> HttpRouteDecoder.decode(metadata, object);
                case INFERENCE_MODEL -> InferenceModelDecoder.decode(metadata, object);
                case INFERENCE_MODEL_REWRITE ->
                        InferenceModelDecoder.decodeRewrite(metadata, object);
                case INFERENCE_OBJECTIVE -> InferenceModelDecoder.decodeObjective(metadata, object);
                case INFERENCE_POOL -> InferencePoolDecoder.decode(metadata, object);
                case INFERENCE_POOL_ALPHA -> InferencePoolDecoder.decodeAlpha(metadata, object);
                case NAMESPACE -> NamespaceDecoder.decode(metadata, object);
                case POD -> PodDecoder.decode(metadata, object);
                case REFERENCE_GRANT -> ReferenceGrantDecoder.decode(metadata, object);
                case SECRET -> ConfigMapDecoder.decodeSecret(metadata, object);
                case SERVICE -> ServiceDecoder.decode(metadata, object);
            };
        }
    }

    private static Kind kind(String name, String group, Decoder decoder, String... versions) {
        return new Kind(name, group, new LinkedHashSet<>(List.of(versions)), true, decoder);
    }

    private static Kind cluster(String name, String group, Decoder decoder, String... versions) {
        return new Kind(name, group, new LinkedHashSet<>(List.of(versions)), false, decoder);
    }

    private static Kind rewrite(String group) {
        return kind("InferenceModelRewrite", group, Decoder.INFERENCE_MODEL_REWRITE, "v1alpha2");
    }

    private static Kind objective(String group) {
        return kind("InferenceObjective", group, Decoder.INFERENCE_OBJECTIVE, "v1alpha2");
    }

    private static Kind agentgatewayPolicy(String group) {
        return kind("AgentgatewayPolicy", group, Decoder.AGENTGATEWAY_POLICY, "v1alpha1");
    }

    static @Nullable Kind find(String group, String name) {
        for (Kind kind : ALL) {
            if (kind.name.equals(name) && kind.group.equals(group)) {
                return kind;
            }
        }
        return null;
    }

    /**
     * Returns what a misspelt kind or group was probably meant to be; null when nothing is near.
     */
    static @Nullable Kind meant(String group, String name) {
        if (OTHERS.getOrDefault(group, Set.of()).contains(name)) {
            return null;
        }
        List<Kind> sameGroup = ALL.stream().filter(kind -> kind.group.equals(group)).toList();
        for (Kind kind : sameGroup) {
            if (isNear(kind.name, name)) {
                return kind;
            }
        }
        List<Kind> sameName =
                new ArrayList<>(ALL.stream().filter(k -> k.name.equals(name)).toList());
        sameName.removeIf(kind -> !group.isEmpty() && !isNear(kind.group, group));
        return sameName.isEmpty() ? null : sameName.getFirst();
    }

    private static boolean isNear(String known, String written) {
        int allowed = Math.max(1, known.length() / 8);
        return known.length() > 4
                && written.length() < 100
                && Nearest.distance(
                                known.toLowerCase(Locale.ROOT), written.toLowerCase(Locale.ROOT))
                        <= allowed;
    }
}

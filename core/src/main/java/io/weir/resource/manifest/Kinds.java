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
                    cluster("GatewayClass", GATEWAY, GatewayClassDecoder::decode, "v1", "v1beta1"),
                    kind("Gateway", GATEWAY, GatewayDecoder::decode, "v1", "v1beta1"),
                    kind("HTTPRoute", GATEWAY, HttpRouteDecoder::decode, "v1", "v1beta1"),
                    kind("ReferenceGrant", GATEWAY, ReferenceGrantDecoder::decode, "v1", "v1beta1"),
                    kind("InferencePool", POOL, InferencePoolDecoder::decode, "v1"),
                    kind("InferencePool", POOL_X, InferencePoolDecoder::decodeAlpha, "v1alpha2"),
                    kind("InferenceModel", POOL_X, InferenceModelDecoder::decode, "v1alpha2"),
                    rewrite(POOL_X),
                    rewrite(POOL),
                    rewrite(LLM_D),
                    objective(POOL_X),
                    objective(POOL),
                    objective(LLM_D),
                    agentgatewayPolicy("gateway.kgateway.dev"),
                    agentgatewayPolicy("agentgateway.dev"),
                    kind(
                            "ClientTrafficPolicy",
                            ENVOY,
                            TrafficPolicyDecoder::decodeClient,
                            "v1alpha1"),
                    kind(
                            "BackendTrafficPolicy",
                            ENVOY,
                            TrafficPolicyDecoder::decodeBackend,
                            "v1alpha1"),
                    kind("Service", "", ServiceDecoder::decode, "v1"),
                    kind("Pod", "", PodDecoder::decode, "v1"),
                    kind("ConfigMap", "", ConfigMapDecoder::decode, "v1"),
                    kind("Secret", "", ConfigMapDecoder::decodeSecret, "v1"),
                    cluster("Namespace", "", NamespaceDecoder::decode, "v1"),
                    kind("Deployment", "apps", DeploymentDecoder::decode, "v1"),
                    kind("EndpointSlice", "discovery.k8s.io", EndpointSliceDecoder::decode, "v1"));

    private static final Map<String, Set<String>> OTHERS =
            Map.of(
                    GATEWAY,
                    Set.of(
                            "GRPCRoute",
                            "TLSRoute",
                            "TCPRoute",
                            "UDPRoute",
                            "BackendTLSPolicy",
                            "ListenerSet"),
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

    /** Reads one kind. */
    interface Decoder {

        /** Returns the object; what is wrong is recorded by the fields. */
        Resource decode(ObjectMeta metadata, Fields object);
    }

    private static Kind kind(String name, String group, Decoder decoder, String... versions) {
        return new Kind(name, group, new LinkedHashSet<>(List.of(versions)), true, decoder);
    }

    private static Kind cluster(String name, String group, Decoder decoder, String... versions) {
        return new Kind(name, group, new LinkedHashSet<>(List.of(versions)), false, decoder);
    }

    private static Kind rewrite(String group) {
        return kind(
                "InferenceModelRewrite", group, InferenceModelDecoder::decodeRewrite, "v1alpha2");
    }

    private static Kind objective(String group) {
        return kind(
                "InferenceObjective", group, InferenceModelDecoder::decodeObjective, "v1alpha2");
    }

    private static Kind agentgatewayPolicy(String group) {
        return kind("AgentgatewayPolicy", group, AgentgatewayPolicyDecoder::decode, "v1alpha1");
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

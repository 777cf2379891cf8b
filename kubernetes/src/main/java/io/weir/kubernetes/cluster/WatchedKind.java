package io.weir.kubernetes.cluster;

import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.weir.resource.ObjectKey;

import java.util.List;
import java.util.Locale;

/**
 * A kind that is read from the API.
 *
 * @param group API group, empty for core
 * @param kind for instance {@code HTTPRoute}
 * @param plural for instance {@code httproutes}
 * @param versions versions that are read, the best first
 * @param namespaced whether its objects live in namespaces
 * @param keepsTree whether the whole object is needed, to write its status or to look at it
 */
record WatchedKind(
        String group,
        String kind,
        String plural,
        List<String> versions,
        boolean namespaced,
        boolean keepsTree) {

    private static final String GATEWAY = "gateway.networking.k8s.io";
    private static final String POOL = "inference.networking.k8s.io";
    private static final String POOL_X = "inference.networking.x-k8s.io";
    private static final String LLM_D = "llm-d.ai";
    private static final String ENVOY = "gateway.envoyproxy.io";

    /** Every kind that configures the gateway. */
    static final List<WatchedKind> ALL =
            List.of(
                    new WatchedKind(
                            GATEWAY,
                            "GatewayClass",
                            "gatewayclasses",
                            List.of("v1", "v1beta1"),
                            false,
                            true),
                    custom(GATEWAY, "Gateway", "gateways", "v1", "v1beta1"),
                    custom(GATEWAY, "HTTPRoute", "httproutes", "v1", "v1beta1"),
                    custom(GATEWAY, "ReferenceGrant", "referencegrants", "v1", "v1beta1"),
                    custom(GATEWAY, "BackendTLSPolicy", "backendtlspolicies", "v1"),
                    custom(POOL, "InferencePool", "inferencepools", "v1"),
                    custom(POOL_X, "InferencePool", "inferencepools", "v1alpha2"),
                    custom(POOL_X, "InferenceModel", "inferencemodels", "v1alpha2"),
                    rewrite(POOL_X),
                    rewrite(POOL),
                    rewrite(LLM_D),
                    objective(POOL_X),
                    objective(POOL),
                    objective(LLM_D),
                    policy("gateway.kgateway.dev"),
                    policy("agentgateway.dev"),
                    custom(ENVOY, "ClientTrafficPolicy", "clienttrafficpolicies", "v1alpha1"),
                    custom(ENVOY, "BackendTrafficPolicy", "backendtrafficpolicies", "v1alpha1"),
                    new WatchedKind("", "Service", "services", List.of("v1"), true, true),
                    plain("", "Pod", "pods"),
                    plain("", "ConfigMap", "configmaps"),
                    plain("", "Secret", "secrets"),
                    new WatchedKind("", "Namespace", "namespaces", List.of("v1"), false, false),
                    plain("apps", "Deployment", "deployments"),
                    plain("discovery.k8s.io", "EndpointSlice", "endpointslices"));

    /** What says which other kinds there are. */
    static final WatchedKind DEFINITION =
            new WatchedKind(
                    "apiextensions.k8s.io",
                    "CustomResourceDefinition",
                    "customresourcedefinitions",
                    List.of("v1"),
                    false,
                    false);

    private static WatchedKind custom(
            String group, String kind, String plural, String... versions) {
        return new WatchedKind(group, kind, plural, List.of(versions), true, true);
    }

    private static WatchedKind plain(String group, String kind, String plural) {
        return new WatchedKind(group, kind, plural, List.of("v1"), true, false);
    }

    private static WatchedKind rewrite(String group) {
        return custom(group, "InferenceModelRewrite", "inferencemodelrewrites", "v1alpha2");
    }

    private static WatchedKind objective(String group) {
        return custom(group, "InferenceObjective", "inferenceobjectives", "v1alpha2");
    }

    private static WatchedKind policy(String group) {
        return custom(group, "AgentgatewayPolicy", "agentgatewaypolicies", "v1alpha1");
    }

    /** Returns whether an object is of this kind. */
    boolean isOf(ObjectKey key) {
        return key.group().equals(group) && key.kind().equals(kind);
    }

    /** Returns for instance {@code gateway.networking.k8s.io/v1}. */
    String apiVersion(String version) {
        return group.isEmpty() ? version : group + "/" + version;
    }

    /** Returns what the client has to know of one version. */
    ResourceDefinitionContext context(String version) {
        return new ResourceDefinitionContext.Builder()
                .withGroup(group)
                .withVersion(version)
                .withKind(kind)
                .withPlural(plural)
                .withNamespaced(namespaced)
                .build();
    }

    /** Returns for instance {@code httproutes.gateway.networking.k8s.io}. */
    @Override
    public String toString() {
        return (group.isEmpty() ? plural : plural + "." + group).toLowerCase(Locale.ROOT);
    }
}

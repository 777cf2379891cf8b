package io.weir.resource;

/** One object of the configuration, of a kind that Weir reads. */
public sealed interface Resource
        permits AgentgatewayPolicy,
                BackendTlsPolicy,
                BackendTrafficPolicy,
                ClientTrafficPolicy,
                ConfigMap,
                Deployment,
                EndpointSlice,
                Gateway,
                GatewayClass,
                HttpRoute,
                InferenceModel,
                InferenceModelRewrite,
                InferenceObjective,
                InferencePool,
                Namespace,
                Pod,
                ReferenceGrant,
                Secret,
                Service {

    /** Returns the object's name, labels and other metadata. */
    ObjectMeta metadata();

    /** Returns group, kind, namespace and name. */
    default ObjectKey key() {
        return new ObjectKey(group(), kind(), metadata().namespace(), metadata().name());
    }

    /** Returns the API group as written in the manifest; empty for the core group. */
    default String group() {
        return metadata().group();
    }

    /** Returns the kind, for instance {@code HTTPRoute}. */
    String kind();
}

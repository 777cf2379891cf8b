package io.weir.resource.manifest;

import io.weir.resource.HttpRoute.BackendRef;
import io.weir.resource.HttpRoute.Filter;
import io.weir.resource.ParentRef;
import io.weir.resource.PoolRef;

import java.util.List;

/** Reads references to other objects. */
final class References {

    static final String GATEWAY_GROUP = "gateway.networking.k8s.io";
    static final int MAX_PORT = 65535;
    static final int MAX_WEIGHT = 1_000_000;

    private References() {}

    static ParentRef parent(Fields ref, String namespace) {
        return new ParentRef(
                ref.textOr("group", GATEWAY_GROUP, TextRule.GROUP),
                ref.textOr("kind", "Gateway", TextRule.KIND),
                ref.textOr("namespace", namespace, TextRule.DNS_LABEL),
                ref.text("name", TextRule.OBJECT_NAME),
                ref.optionalText("sectionName", TextRule.DNS_SUBDOMAIN),
                ref.optionalNumber("port", 1, MAX_PORT));
    }

    /** Reads the target of a policy, which is in the policy's namespace. */
    static ParentRef target(Fields ref, String namespace) {
        return new ParentRef(
                ref.text("group", TextRule.GROUP),
                ref.text("kind", TextRule.KIND),
                namespace,
                ref.text("name", TextRule.OBJECT_NAME),
                ref.optionalText("sectionName", TextRule.DNS_SUBDOMAIN),
                null);
    }

    static BackendRef weighted(Fields ref, String namespace, List<Filter> filters) {
        return backend(ref, namespace, ref.numberOr("weight", 1, 0, MAX_WEIGHT), filters);
    }

    static BackendRef unweighted(Fields ref, String namespace) {
        return backend(ref, namespace, 1, List.of());
    }

    private static BackendRef backend(
            Fields ref, String namespace, int weight, List<Filter> filters) {
        String group = ref.textOr("group", "", TextRule.GROUP);
        String kind = ref.textOr("kind", "Service", TextRule.KIND);
        Integer port = ref.optionalNumber("port", 1, MAX_PORT);
        if (group.isEmpty() && kind.equals("Service") && !ref.has("port")) {
            ref.missing("port", "1.." + MAX_PORT + ", a Service needs it");
        }
        return new BackendRef(
                group,
                kind,
                ref.textOr("namespace", namespace, TextRule.DNS_LABEL),
                ref.text("name", TextRule.OBJECT_NAME),
                port,
                weight,
                filters);
    }

    static PoolRef pool(Fields spec, String defaultGroup) {
        Fields ref = spec.requiredObject("poolRef");
        return new PoolRef(
                ref.textOr("group", defaultGroup, TextRule.GROUP),
                ref.textOr("kind", "InferencePool", TextRule.KIND),
                ref.text("name", TextRule.OBJECT_NAME));
    }
}

package io.weir.kubernetes.embedded.engine;

import io.weir.kubernetes.embedded.kind.KindInfo;
import io.weir.kubernetes.embedded.kind.Kinds;
import io.weir.kubernetes.embedded.object.ApiError;
import io.weir.kubernetes.embedded.object.Trees;
import io.weir.kubernetes.embedded.schema.rule.Rules;
import io.weir.kubernetes.embedded.store.Key;
import io.weir.kubernetes.embedded.store.ObjectStore;
import io.weir.kubernetes.embedded.store.Stored;

import java.util.HashMap;
import java.util.Map;

/** Finds the rules of a kind. */
final class RulesOfKinds {

    private final ObjectStore store;
    private final Map<String, KindRules> rules = new HashMap<>();

    RulesOfKinds(Kinds kinds, ObjectStore store, Rules celRules, Clockwork clockwork) {
        this.store = store;
        rules.put("namespaces", new NamespaceRules());
        rules.put("pods", new PodRules());
        rules.put("services", new ServiceRules(store));
        rules.put("secrets", new SecretRules());
        rules.put("configmaps", new ConfigMapRules());
        rules.put("deployments.apps", new WorkloadRules());
        rules.put("replicasets.apps", new WorkloadRules());
        rules.put(
                "customresourcedefinitions.apiextensions.k8s.io",
                new DefinitionRules(kinds, celRules, clockwork));
        for (String role :
                new String[] {"roles", "rolebindings", "clusterroles", "clusterrolebindings"}) {
            rules.put(role + ".rbac.authorization.k8s.io", new RoleRules());
        }
    }

    KindRules of(KindInfo kind) {
        return rules.getOrDefault(kind.resource(), KindRules.NONE);
    }

    /** Objects of definitions can only be replaced by someone who has seen them. */
    boolean allowsBlindUpdate(KindInfo kind) {
        return kind.origin() == KindInfo.Origin.KUBERNETES
                && !kind.group().equals("apiextensions.k8s.io");
    }

    /** Refuses to put something into a namespace that is not there or is going. */
    void requireNamespace(Ref ref) {
        Stored namespace =
                store.get(new Key("namespaces", "", ref.namespace()))
                        .orElseThrow(() ->
                                ApiError.notFound(
                                        ApiError.Subject.of("", "namespaces", ref.namespace())));
        if (Trees.isDeleting(namespace.object())) {
            throw ApiError.forbidden(
                    ref.served().info().subject(ref.name()),
                    "unable to create new content in namespace %s because it is being terminated"
                            .formatted(ref.namespace()));
        }
    }
}

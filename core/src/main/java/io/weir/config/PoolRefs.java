package io.weir.config;

import io.weir.resource.PoolRef;
import io.weir.resource.Resource;

import java.util.List;

/** What is said of references to pools that don't exist. */
final class PoolRefs {

    private PoolRefs() {}

    static Status unknown(Resource resource, PoolRef ref, ProblemLog problems) {
        String pool = ref.kind() + " " + resource.metadata().namespace() + "/" + ref.name();
        String message = pool + " (expected: an existing InferencePool)";
        problems.error(resource, "spec.poolRef", message);
        return Status.of(
                resource,
                List.of(
                        StatusCondition.no(
                                Conditions.ACCEPTED, Conditions.POOL_NOT_FOUND, message)));
    }
}

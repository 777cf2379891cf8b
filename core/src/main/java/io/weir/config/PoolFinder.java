package io.weir.config;

import io.weir.resource.InferencePool;
import io.weir.resource.ObjectKey;
import io.weir.resource.ObjectName;
import io.weir.resource.PoolRef;
import io.weir.resource.Resource;

import java.util.Optional;
import java.util.function.Function;

/**
 * Finds the pool that a reference means. A reference of one group finds the pool of that group;
 * when only the other group has a pool of that name, it is taken with a warning, because published
 * guides mix the groups.
 */
final class PoolFinder {

    private final Function<ObjectKey, Optional<InferencePool>> pools;
    private final ProblemLog problems;

    /**
     * Makes a finder.
     *
     * @param pools finds a pool by its key
     */
    PoolFinder(Function<ObjectKey, Optional<InferencePool>> pools, ProblemLog problems) {
        this.pools = pools;
        this.problems = problems;
    }

    static boolean isPool(String group, String kind) {
        return kind.equals("InferencePool")
                && (group.equals(InferencePool.GROUP)
                        || group.equals(InferencePool.EXPERIMENTAL_GROUP));
    }

    /**
     * Finds the pool of a {@code poolRef}.
     *
     * @param referrer the object that holds the reference
     */
    Optional<InferencePool> find(Resource referrer, PoolRef ref) {
        if (!isPool(ref.group(), ref.kind())) {
            return Optional.empty();
        }
        ObjectName name = new ObjectName(referrer.metadata().namespace(), ref.name());
        return find(referrer, "spec.poolRef.group", ref.group(), name);
    }

    /**
     * Finds a pool by group and name.
     *
     * @param referrer the object that holds the reference
     * @param field the field that names the group, for the warning
     */
    Optional<InferencePool> find(Resource referrer, String field, String group, ObjectName name) {
        Optional<InferencePool> exact = find(group, name);
        if (exact.isPresent()) {
            return exact;
        }
        Optional<InferencePool> other = find(otherGroup(group), name);
        other.ifPresent(pool ->
                problems.warning(
                        referrer,
                        field,
                        group
                                + " (expected: "
                                + pool.group()
                                + ", the group of InferencePool "
                                + name
                                + ", which is used)"));
        return other;
    }

    private Optional<InferencePool> find(String group, ObjectName name) {
        return pools.apply(key(group, name));
    }

    /** Returns the key that a reference names, whether there is such a pool or not. */
    static ObjectKey key(String group, ObjectName name) {
        return new ObjectKey(group, "InferencePool", name.namespace(), name.name());
    }

    private static String otherGroup(String group) {
        return group.equals(InferencePool.GROUP)
                ? InferencePool.EXPERIMENTAL_GROUP
                : InferencePool.GROUP;
    }
}

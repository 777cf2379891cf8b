package io.weir.config;

import io.weir.resource.InferencePool;
import io.weir.resource.ObjectKey;
import io.weir.resource.ObjectName;
import io.weir.resource.PoolRef;
import io.weir.resource.Resource;

import java.util.Optional;
import java.util.function.Predicate;

/**
 * Finds the pool that a reference means. A reference of one group finds the pool of that group;
 * when only the other group has a pool of that name, it is taken with a warning, because published
 * guides mix the groups.
 */
final class PoolFinder {

    private final Predicate<ObjectKey> pools;
    private final ProblemLog problems;

    /**
     * Makes a finder.
     *
     * @param pools whether there is a pool of a key
     */
    PoolFinder(Predicate<ObjectKey> pools, ProblemLog problems) {
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
    Optional<ObjectKey> find(Resource referrer, PoolRef ref) {
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
    Optional<ObjectKey> find(Resource referrer, String field, String group, ObjectName name) {
        Optional<ObjectKey> exact = find(group, name);
        if (exact.isPresent()) {
            return exact;
        }
        Optional<ObjectKey> other = find(otherGroup(group), name);
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

    private Optional<ObjectKey> find(String group, ObjectName name) {
        return Optional.of(key(group, name)).filter(pools);
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

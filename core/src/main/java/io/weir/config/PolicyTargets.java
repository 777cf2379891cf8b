package io.weir.config;

import io.weir.resource.ObjectName;
import io.weir.resource.ParentRef;
import io.weir.resource.Resource;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Policies by what they are attached to. Of several policies for one target the oldest wins; the
 * most specific target wins over those around it.
 */
final class PolicyTargets<P extends Resource> {

    private final Map<Target, P> winners = new HashMap<>();
    private final Map<P, List<ParentStatus>> statuses = new LinkedHashMap<>();

    /**
     * Attaches policies.
     *
     * @param policies the policies in any order
     * @param targets targets of a policy
     * @param exists whether a target exists
     */
    PolicyTargets(
            List<P> policies,
            Function<P, List<ParentRef>> targets,
            Predicate<ParentRef> exists,
            ProblemLog problems) {
        for (P policy : Precedence.oldestFirst(policies)) {
            List<ParentStatus> parents = new ArrayList<>();
            for (ParentRef ref : targets.apply(policy)) {
                StatusCondition condition = attach(policy, ref, exists.test(ref));
                parents.add(
                        new ParentStatus(ref, CompileOptions.CONTROLLER_NAME, List.of(condition)));
                if (!condition.isTrue()) {
                    problems.warning(policy, "spec.targetRefs", condition.message());
                }
            }
            statuses.put(policy, parents);
        }
    }

    /** Returns the policy of a target; null when there is none. */
    @Nullable P get(String kind, ObjectName name, @Nullable String section) {
        return winners.get(new Target(kind, name, section));
    }

    List<Status> statuses() {
        return statuses.entrySet().stream()
                .map(entry -> Status.ofParents(entry.getKey(), entry.getValue()))
                .toList();
    }

    /** Policies are the same when every target has the same. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PolicyTargets<?> targets && winners.equals(targets.winners);
    }

    @Override
    public int hashCode() {
        return winners.hashCode();
    }

    private StatusCondition attach(P policy, ParentRef ref, boolean exists) {
        String what =
                ref.kind()
                        + " "
                        + ref.objectName()
                        + (ref.sectionName() == null ? "" : " section " + ref.sectionName());
        if (!exists) {
            return StatusCondition.no(
                    Conditions.ACCEPTED,
                    Conditions.TARGET_NOT_FOUND,
                    what + " (expected: an existing target)");
        }
        P winner =
                winners.putIfAbsent(
                        new Target(ref.kind(), ref.objectName(), ref.sectionName()), policy);
        return winner == null || winner.equals(policy)
                ? StatusCondition.yes(Conditions.ACCEPTED, Conditions.ACCEPTED)
                : StatusCondition.no(
                        Conditions.ACCEPTED,
                        Conditions.CONFLICTED,
                        what + " (expected: one policy; " + winner.key() + ", older, wins)");
    }

    private record Target(String kind, ObjectName name, @Nullable String section) {}
}

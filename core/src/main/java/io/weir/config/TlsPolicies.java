package io.weir.config;

import io.weir.config.Question.TlsOf;
import io.weir.resource.BackendTlsPolicy;
import io.weir.resource.ObjectName;
import io.weir.resource.ObjectSet;
import io.weir.resource.ParentRef;
import io.weir.resource.Service;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Set;

/**
 * How certificates of Services are verified. Only pickers are asked over TLS; a policy for another
 * Service is told to have no effect.
 */
final class TlsPolicies {

    private final ObjectSet objects;
    private final ProblemLog problems;
    private final PolicyTargets<BackendTlsPolicy> targets;

    TlsPolicies(ObjectSet objects, ProblemLog problems) {
        this.objects = objects;
        this.problems = problems;
        this.targets =
                new PolicyTargets<>(
                        objects.all(BackendTlsPolicy.class),
                        BackendTlsPolicy::targetRefs,
                        ref -> exists(objects, ref),
                        problems);
    }

    private static boolean exists(ObjectSet objects, ParentRef ref) {
        String section = ref.sectionName();
        return objects.find(Service.class, ref.objectName())
                .filter(service -> section == null || hasPort(service, section))
                .isPresent();
    }

    private static boolean hasPort(Service service, String name) {
        return service.ports().stream().anyMatch(port -> port.name().equals(name));
    }

    /** Returns the policy of a Service's port; null when there is none. */
    @Nullable BackendTlsPolicy of(TlsOf wanted) {
        BackendTlsPolicy ofPort =
                wanted.port().isEmpty()
                        ? null
                        : targets.get("Service", wanted.service(), wanted.port());
        return ofPort == null ? targets.get("Service", wanted.service(), null) : ofPort;
    }

    /**
     * Remarks policies for Services that are not asked over TLS.
     *
     * @param pickers Services of pickers that are asked
     */
    void remarkOthers(Set<ObjectName> pickers) {
        for (BackendTlsPolicy policy : objects.all(BackendTlsPolicy.class)) {
            for (ParentRef ref : policy.targetRefs()) {
                if (!pickers.contains(ref.objectName()) && exists(objects, ref)) {
                    problems.warning(
                            policy,
                            "spec.targetRefs",
                            "Service "
                                    + ref.objectName()
                                    + " gets clear text (expected: the Service of an endpoint"
                                    + " picker that is asked; others are not spoken to over TLS"
                                    + " yet)");
                }
            }
        }
    }

    List<Status> statuses() {
        return targets.statuses();
    }
}

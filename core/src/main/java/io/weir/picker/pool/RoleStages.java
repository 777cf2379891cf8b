package io.weir.picker.pool;

import io.weir.picker.plugin.PickContext;
import io.weir.picker.plugin.Schedule;
import io.weir.picker.state.EndpointState;

import org.jspecify.annotations.Nullable;

import java.util.Set;

/**
 * How full a pool is whose endpoints have roles: as full as the fuller of those that read prompts
 * and those that write answers. Endpoints that do both count in both, those that only encode media
 * in neither. Immutable.
 */
final class RoleStages {

    private static final String ROLE = "llm-d.ai/role";
    private static final Set<String> PREFILL = Set.of("prefill", "encode-prefill");
    private static final Set<String> DECODE = Set.of("decode", "");
    private static final Set<String> BOTH =
            Set.of("prefill-decode", "both", "encode-prefill-decode");

    private final boolean[] prefill;
    private final boolean[] decode;

    private RoleStages(int endpoints) {
        this.prefill = new boolean[endpoints];
        this.decode = new boolean[endpoints];
    }

    /** Returns the stages of a pool; null when no endpoint has a role. */
    static @Nullable RoleStages of(EndpointState[] endpoints) {
        RoleStages stages = new RoleStages(endpoints.length);
        boolean found = false;
        for (int i = 0; i < endpoints.length; i++) {
            String label = endpoints[i].endpoint().labels().get(ROLE);
            String role = label == null ? "" : label;
            stages.prefill[i] = PREFILL.contains(role) || BOTH.contains(role);
            stages.decode[i] = DECODE.contains(role) || BOTH.contains(role);
            found |= !role.isEmpty();
        }
        return found ? stages : null;
    }

    /**
     * Returns the saturation of a pool; its endpoints are the candidates afterwards, or some of
     * them.
     *
     * @param context has begun
     * @param unplacedRequests requests that will come to the pool, on each stage
     */
    static double saturation(
            @Nullable RoleStages stages,
            Schedule schedule,
            PickContext context,
            long unplacedRequests,
            long unplacedTokens) {
        if (stages != null) {
            double prefill =
                    of(stages.prefill, schedule, context, unplacedRequests, unplacedTokens);
            double decode = of(stages.decode, schedule, context, unplacedRequests, unplacedTokens);
            double fuller = Math.max(prefill, decode);
            if (fuller >= 0) {
                return fuller;
            }
        }
        context.admitAll();
        context.assume(unplacedRequests, unplacedTokens);
        return schedule.saturation(context);
    }

    /** Returns the saturation of one stage; -1 when it has no endpoint. */
    private static double of(
            boolean[] stage, Schedule schedule, PickContext context, long requests, long tokens) {
        context.admitAll();
        if (!context.apply(all -> keep(all, stage))) {
            return -1;
        }
        context.assume(requests, tokens);
        return schedule.saturation(context);
    }

    private static void keep(PickContext context, boolean[] stage) {
        for (int i = 0; i < context.size(); i++) {
            if (stage[context.index(i)]) {
                context.keep(i);
            }
        }
    }
}

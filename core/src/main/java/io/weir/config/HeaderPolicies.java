package io.weir.config;

import io.weir.config.GatewayPlan.Refusal;
import io.weir.resource.AgentgatewayPolicy;
import io.weir.resource.AgentgatewayPolicy.HeaderExpression;
import io.weir.resource.ObjectName;
import io.weir.resource.ObjectSet;
import io.weir.resource.ParentRef;
import io.weir.routing.HeaderRule;
import io.weir.routing.ModelTable;
import io.weir.routing.RequestHead;
import io.weir.routing.cel.ExpressionException;
import io.weir.routing.cel.HeaderExpressions;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Headers that AgentgatewayPolicies compute before routes match. All policies of a listener and of
 * its Gateway count; where several set one header, that of the listener wins, then the oldest.
 */
final class HeaderPolicies {

    private static final String FIELD = "spec.traffic.transformation.request.set";

    private final ObjectSet objects;
    private final ProblemLog problems;
    private final List<Attached> attached = new ArrayList<>();
    private final List<Status> statuses = new ArrayList<>();
    private final Map<HeaderExpression, HeaderRule> before;
    private final Map<HeaderExpression, HeaderRule> compiled = new HashMap<>();
    private @Nullable HeaderExpressions expressions;

    /**
     * Reads the policies.
     *
     * @param before expressions that are compiled already
     */
    HeaderPolicies(
            ObjectSet objects, Map<HeaderExpression, HeaderRule> before, ProblemLog problems) {
        this.objects = objects;
        this.before = before;
        this.problems = problems;
        Precedence.oldestFirst(objects.all(AgentgatewayPolicy.class)).forEach(this::add);
    }

    /** Returns the rules of a listener. */
    List<HeaderRule> rules(ObjectName gateway, String listener) {
        Map<String, HeaderRule> rules = new LinkedHashMap<>();
        for (boolean own : List.of(true, false)) {
            for (Attached policy : attached) {
                if (policy.applies(gateway, own ? listener : null)) {
                    policy.rules.forEach(rule ->
                            rules.putIfAbsent(rule.header().toLowerCase(Locale.ROOT), rule));
                }
            }
        }
        return List.copyOf(rules.values());
    }

    /** Returns the expressions of all policies, compiled. */
    Map<HeaderExpression, HeaderRule> compiled() {
        return compiled;
    }

    List<Status> statuses() {
        return statuses;
    }

    private void add(AgentgatewayPolicy policy) {
        List<String> faults = new ArrayList<>();
        List<HeaderRule> rules = new ArrayList<>();
        for (int i = 0; i < policy.preRoutingHeaders().size(); i++) {
            rules.add(rule(policy, FIELD + "[" + i + "]", i, faults));
        }
        StatusCondition valid = condition(faults, rules.size());
        List<ParentStatus> parents = new ArrayList<>();
        for (ParentRef ref : policy.targetRefs()) {
            Refusal refusal = refusal(ref);
            if (refusal == null) {
                attached.add(new Attached(ref, rules));
            } else {
                problems.warning(policy, "spec.targetRefs", refusal.message());
            }
            parents.add(
                    new ParentStatus(
                            ref,
                            CompileOptions.CONTROLLER_NAME,
                            List.of(
                                    refusal == null
                                            ? valid
                                            : StatusCondition.no(
                                                    Conditions.ACCEPTED,
                                                    refusal.reason(),
                                                    refusal.message()))));
        }
        statuses.add(Status.ofParents(policy, parents));
    }

    private @Nullable Refusal refusal(ParentRef ref) {
        boolean usable = ref.kind().equals("Gateway") && TrafficPolicies.exists(objects, ref);
        return usable
                ? null
                : new Refusal(
                        Conditions.TARGET_NOT_FOUND,
                        ref.kind() + " " + ref.objectName() + " (expected: an existing Gateway)");
    }

    /** A header whose expression is broken is removed, so that clients can't set it. */
    private HeaderRule rule(
            AgentgatewayPolicy policy, String field, int index, List<String> faults) {
        HeaderExpression written = policy.preRoutingHeaders().get(index);
        try {
            return compiled(written);
        } catch (ExpressionException e) {
            faults.add(field + ".value: " + e.reason());
            problems.error(policy, field + ".value", e.reason());
            return new NoValue(written.name());
        }
    }

    private HeaderRule compiled(HeaderExpression written) throws ExpressionException {
        HeaderRule known = before.get(written);
        HeaderRule rule = known == null ? compile(written) : known;
        compiled.put(written, rule);
        return rule;
    }

    private HeaderRule compile(HeaderExpression written) throws ExpressionException {
        HeaderRule table = ModelTable.parse(written.name(), written.expression());
        if (table != null) {
            return table;
        }
        if (expressions == null) {
            expressions = new HeaderExpressions();
        }
        return expressions.compile(written.name(), written.expression());
    }

    private static StatusCondition condition(List<String> faults, int rules) {
        if (faults.isEmpty()) {
            return StatusCondition.yes(Conditions.ACCEPTED, Conditions.VALID);
        }
        String message = String.join("; ", faults);
        return faults.size() < rules
                ? StatusCondition.yes(Conditions.ACCEPTED, Conditions.PARTIALLY_VALID, message)
                : StatusCondition.no(Conditions.ACCEPTED, Conditions.INVALID, message);
    }

    private record Attached(ParentRef ref, List<HeaderRule> rules) {
        boolean applies(ObjectName gateway, @Nullable String section) {
            return ref.objectName().equals(gateway) && Objects.equals(ref.sectionName(), section);
        }
    }

    private record NoValue(String header) implements HeaderRule {
        @Override
        public @Nullable String evaluate(RequestHead head, @Nullable String model) {
            return null;
        }
    }
}

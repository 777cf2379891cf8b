package io.weir.config;

import io.weir.model.ModelRewrites;
import io.weir.resource.InferenceModel;
import io.weir.resource.InferenceModelRewrite;
import io.weir.resource.ModelTarget;
import io.weir.resource.ObjectKey;
import io.weir.resource.ObjectSet;
import io.weir.resource.PoolRef;
import io.weir.resource.Resource;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Collects the rewrites of every pool: InferenceModelRewrites first, then InferenceModels, each the
 * oldest first. The first rule for a model, and the first generic one, is in force.
 */
final class RewriteCompiler {

    static final int CRITICAL_PRIORITY = 2;
    static final int STANDARD_PRIORITY = 0;
    static final int SHEDDABLE_PRIORITY = -1;

    private final PoolFinder pools;
    private final Splits before;
    private final Splits splits;
    private final ProblemLog problems;
    private final Map<ObjectKey, Rules> rulesByPool = new HashMap<>();
    private final List<Status> statuses = new ArrayList<>();

    RewriteCompiler(PoolFinder pools, Splits before, Splits splits, ProblemLog problems) {
        this.pools = pools;
        this.before = before;
        this.splits = splits;
        this.problems = problems;
    }

    void add(ObjectSet objects) {
        Precedence.oldestFirst(objects.all(InferenceModelRewrite.class)).forEach(this::add);
        Precedence.oldestFirst(objects.all(InferenceModel.class)).forEach(this::add);
    }

    ModelRewrites rewrites(ObjectKey pool) {
        Rules rules = rulesByPool.get(pool);
        return rules == null ? ModelRewrites.NONE : new ModelRewrites(rules.exact, rules.generic);
    }

    /** Returns priorities by model, from criticalities. */
    Map<String, Integer> priorities(ObjectKey pool) {
        Rules rules = rulesByPool.get(pool);
        return rules == null ? Map.of() : rules.priorities;
    }

    /** Returns the pools that have rules. */
    Set<ObjectKey> pools() {
        return rulesByPool.keySet();
    }

    List<Status> statuses() {
        return statuses;
    }

    private void add(InferenceModelRewrite rewrite) {
        Optional<ObjectKey> pool = pool(rewrite, rewrite.poolRef());
        if (pool.isEmpty()) {
            return;
        }
        Rules rules = rules(pool.get());
        List<String> overlaps = new ArrayList<>();
        boolean inForce = false;
        for (int i = 0; i < rewrite.rules().size(); i++) {
            String field = "spec.rules[" + i + "]";
            inForce |= add(rewrite, field, rewrite.rules().get(i), rules, overlaps);
        }
        boolean accepted = inForce || rewrite.rules().isEmpty();
        statuses.add(Status.of(rewrite, conditions(accepted, overlaps)));
    }

    private boolean add(
            InferenceModelRewrite rewrite,
            String field,
            InferenceModelRewrite.Rule rule,
            Rules rules,
            List<String> overlaps) {
        if (rule.exactModels().isEmpty()) {
            return claim(rewrite, field, null, rule.targets(), rules, overlaps);
        }
        boolean inForce = false;
        for (String model : rule.exactModels()) {
            inForce |= claim(rewrite, field, model, rule.targets(), rules, overlaps);
        }
        return inForce;
    }

    /** Puts a rule in force unless an earlier one has the same model. */
    private boolean claim(
            Resource source,
            String field,
            @Nullable String model,
            List<ModelTarget> targets,
            Rules rules,
            List<String> overlaps) {
        ModelRewrites.Rule winner = model == null ? rules.generic : rules.exact.get(model);
        if (winner != null) {
            String what = model == null ? "requests for every model" : "model " + model;
            String message =
                    what + " (expected: one rule; the one of " + winner.source() + " wins)";
            overlaps.add(message);
            problems.warning(source, field, message);
            return false;
        }
        ModelRewrites.Rule rule = rule(source, model == null ? "*" : "=" + model, targets);
        if (model == null) {
            rules.generic = rule;
        } else {
            rules.exact.put(model, rule);
        }
        return true;
    }

    private ModelRewrites.Rule rule(Resource source, String part, List<ModelTarget> targets) {
        return new ModelRewrites.Rule(
                source.key(),
                splits.choice(
                        before,
                        source.key(),
                        part,
                        targets.stream().map(ModelTarget::model).toList(),
                        targets.stream().mapToInt(ModelTarget::weight).toArray()));
    }

    private void add(InferenceModel model) {
        Optional<ObjectKey> pool = pool(model, model.poolRef());
        if (pool.isEmpty()) {
            return;
        }
        Rules rules = rules(pool.get());
        List<String> overlaps = new ArrayList<>();
        String name = model.modelName();
        if (claim(model, "spec.modelName", name, model.targetModels(), rules, overlaps)) {
            rules.priorities.put(name, priority(model.criticality()));
        }
        statuses.add(
                Status.of(
                        model,
                        overlaps.isEmpty()
                                ? accepted()
                                : List.of(
                                        StatusCondition.no(
                                                Conditions.ACCEPTED,
                                                Conditions.MODEL_NAME_IN_USE,
                                                overlaps.getFirst()))));
    }

    private static int priority(InferenceModel.Criticality criticality) {
        return switch (criticality) {
            case CRITICAL -> CRITICAL_PRIORITY;
            case STANDARD -> STANDARD_PRIORITY;
            case SHEDDABLE -> SHEDDABLE_PRIORITY;
        };
    }

    private Optional<ObjectKey> pool(Resource resource, PoolRef ref) {
        Optional<ObjectKey> pool = pools.find(resource, ref);
        if (pool.isEmpty()) {
            statuses.add(PoolRefs.unknown(resource, ref, problems));
        }
        return pool;
    }

    private Rules rules(ObjectKey pool) {
        return rulesByPool.computeIfAbsent(pool, _ -> new Rules());
    }

    private static List<StatusCondition> conditions(boolean accepted, List<String> overlaps) {
        if (overlaps.isEmpty()) {
            return accepted();
        }
        String all = String.join("; ", overlaps);
        return List.of(
                accepted
                        ? StatusCondition.yes(Conditions.ACCEPTED, Conditions.ACCEPTED)
                        : StatusCondition.no(Conditions.ACCEPTED, Conditions.OVERLAPPED, all),
                StatusCondition.yes(Conditions.OVERLAPPED, Conditions.OLDER_OBJECT_WINS, all));
    }

    private static List<StatusCondition> accepted() {
        return List.of(StatusCondition.yes(Conditions.ACCEPTED, Conditions.ACCEPTED));
    }

    /** The rules of one pool so far. */
    private static final class Rules {
        private final Map<String, ModelRewrites.Rule> exact = new HashMap<>();
        private ModelRewrites.@Nullable Rule generic;
        private final Map<String, Integer> priorities = new HashMap<>();
    }
}

package io.weir.resource.manifest;

import io.weir.resource.InferenceModel;
import io.weir.resource.InferenceModel.Criticality;
import io.weir.resource.InferenceModelRewrite;
import io.weir.resource.InferenceObjective;
import io.weir.resource.InferencePool;
import io.weir.resource.ModelTarget;
import io.weir.resource.ObjectMeta;

import java.util.List;

/** Reads InferenceModels and the two kinds that followed them. */
final class InferenceModelDecoder {

    private static final int MAX_TARGETS = 10;

    private InferenceModelDecoder() {}

    static InferenceModel decode(ObjectMeta metadata, Fields object) {
        Fields spec = object.requiredObject("spec");
        return new InferenceModel(
                metadata,
                spec.text("modelName", TextRule.MODEL),
                criticality(spec),
                References.pool(spec, InferencePool.EXPERIMENTAL_GROUP),
                targets(spec, "targetModels", "name", MAX_TARGETS, TextRule.TARGET_MODEL));
    }

    private static Criticality criticality(Fields spec) {
        return switch (spec.choice(
                "criticality", "Standard", "Critical", "Standard", "Sheddable")) {
            case "Critical" -> Criticality.CRITICAL;
            case "Sheddable" -> Criticality.SHEDDABLE;
            default -> Criticality.STANDARD;
        };
    }

    private static List<ModelTarget> targets(
            Fields owner, String list, String nameField, int max, TextRule rule) {
        List<Fields> written = owner.list(list, 0, max);
        long weighted = written.stream().filter(target -> target.has("weight")).count();
        if (weighted != 0 && weighted != written.size()) {
            owner.error(
                    list,
                    weighted
                            + " of "
                            + written.size()
                            + " have a weight (expected: all or none of them)");
        }
        return written.stream()
                .map(target ->
                        new ModelTarget(
                                target.text(nameField, rule),
                                target.numberOr("weight", 1, 1, References.MAX_WEIGHT)))
                .toList();
    }

    static InferenceModelRewrite decodeRewrite(ObjectMeta metadata, Fields object) {
        Fields spec = object.requiredObject("spec");
        if (!spec.has("rules")) {
            spec.missing("rules", "a list of rules");
        }
        return new InferenceModelRewrite(
                metadata,
                References.pool(spec, InferencePool.GROUP),
                spec.list("rules", 0, Integer.MAX_VALUE).stream()
                        .map(InferenceModelDecoder::rule)
                        .toList());
    }

    private static InferenceModelRewrite.Rule rule(Fields rule) {
        List<String> models =
                rule.list("matches", 0, Integer.MAX_VALUE).stream()
                        .map(match -> exactModel(match.requiredObject("model")))
                        .toList();
        String list = "targets";
        if (rule.has("split") && !rule.has("targets")) {
            rule.warning("split", "an old name (write \"targets\")");
            list = "split";
        }
        if (rule.value(list).isArray() && rule.value(list).isEmpty()) {
            rule.error(list, "an empty list (expected: at least 1, or none of the field)");
        }
        return new InferenceModelRewrite.Rule(
                models, targets(rule, list, "modelRewrite", Integer.MAX_VALUE, TextRule.NOT_EMPTY));
    }

    private static String exactModel(Fields model) {
        model.choice("type", "Exact", "Exact");
        return model.text("value", TextRule.NOT_EMPTY);
    }

    static InferenceObjective decodeObjective(ObjectMeta metadata, Fields object) {
        Fields spec = object.requiredObject("spec");
        return new InferenceObjective(
                metadata,
                spec.numberOr("priority", 0, Integer.MIN_VALUE, Integer.MAX_VALUE),
                References.pool(spec, InferencePool.GROUP));
    }
}

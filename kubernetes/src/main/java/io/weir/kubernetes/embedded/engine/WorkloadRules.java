package io.weir.kubernetes.embedded.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.object.FieldError;
import io.weir.kubernetes.embedded.object.LabelSelector;
import io.weir.kubernetes.embedded.object.Trees;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** Deployments and ReplicaSets: the selector finds the Pods of the template, for ever. */
final class WorkloadRules implements KindRules {

    @Override
    public void prepare(ObjectNode object, @Nullable ObjectNode old) {
        PodRules.completeSpec(Trees.objectAt(object, "spec", "template", "spec"));
        ObjectNode strategy = Trees.objectAt(object, "spec", "strategy");
        if (Trees.text(strategy, "type").equals("RollingUpdate")) {
            ObjectNode rolling = Trees.child(strategy, "rollingUpdate");
            if (!rolling.has("maxUnavailable")) {
                rolling.put("maxUnavailable", "25%");
            }
            if (!rolling.has("maxSurge")) {
                rolling.put("maxSurge", "25%");
            }
        }
    }

    @Override
    public void validate(ObjectNode object, @Nullable ObjectNode old, List<FieldError> errors) {
        ObjectNode selector = Trees.objectAt(object, "spec", "selector");
        ObjectNode template = Trees.objectAt(object, "spec", "template");
        if (selector.isEmpty()) {
            errors.add(FieldError.required("spec.selector", ""));
        } else if (!LabelSelector.ofTree(selector).matches(Trees.labels(template))) {
            errors.add(
                    FieldError.invalid(
                            "spec.template.metadata.labels",
                            Trees.at(template, "metadata", "labels"),
                            "`selector` does not match template `labels`"));
        }
        PodRules.validateSpec(Trees.objectAt(template, "spec"), "spec.template.spec", errors);
        if (!Trees.text(template, "spec", "restartPolicy").equals("Always")) {
            errors.add(
                    FieldError.notSupported(
                            "spec.template.spec.restartPolicy",
                            Trees.text(template, "spec", "restartPolicy"),
                            List.of("Always")));
        }
        rollingUpdate(object, errors);
        if (old != null && !selector.equals(Trees.objectAt(old, "spec", "selector"))) {
            errors.add(FieldError.invalid("spec.selector", selector, "field is immutable"));
        }
    }

    private static void rollingUpdate(ObjectNode object, List<FieldError> errors) {
        ObjectNode rolling = Trees.objectAt(object, "spec", "strategy", "rollingUpdate");
        String path = "spec.strategy.rollingUpdate.";
        int before = errors.size();
        requireCount(rolling, path, "maxUnavailable", errors);
        requireCount(rolling, path, "maxSurge", errors);
        if (errors.size() == before
                && isZero(rolling, "maxUnavailable")
                && isZero(rolling, "maxSurge")) {
            errors.add(
                    FieldError.invalid(
                            path + "maxUnavailable",
                            rolling.path("maxUnavailable"),
                            "may not be 0 when `maxSurge` is 0"));
        }
    }

    private static void requireCount(
            ObjectNode rolling, String path, String name, List<FieldError> errors) {
        String value = rolling.path(name).asText("0");
        if (!value.matches("[0-9]{1,9}%?")) {
            errors.add(
                    FieldError.invalid(
                            path + name,
                            value,
                            "expected: a number of Pods or a percentage, 0 or more"));
        }
    }

    private static boolean isZero(ObjectNode rolling, String name) {
        return rolling.path(name).asText("").matches("0+%?");
    }
}

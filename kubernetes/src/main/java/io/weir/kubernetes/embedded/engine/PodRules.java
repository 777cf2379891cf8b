package io.weir.kubernetes.embedded.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.object.FieldError;
import io.weir.kubernetes.embedded.object.Names;
import io.weir.kubernetes.embedded.object.Trees;

import org.jspecify.annotations.Nullable;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Pods, and the templates from which workloads make them. */
final class PodRules implements KindRules {

    private static final List<String> CONTAINER_LISTS = List.of("containers", "initContainers");

    @Override
    public void prepare(ObjectNode object, @Nullable ObjectNode old) {
        completeSpec(Trees.objectAt(object, "spec"));
        if (old == null) {
            ObjectNode status = Trees.child(object, "status");
            status.put("phase", "Pending");
            status.put("qosClass", "BestEffort");
        }
    }

    /** Fills in what depends on other fields of a Pod's spec. */
    static void completeSpec(ObjectNode spec) {
        for (String list : CONTAINER_LISTS) {
            for (JsonNode node : Trees.arrayAt(spec, list)) {
                if (node instanceof ObjectNode container && !container.has("imagePullPolicy")) {
                    String image = Trees.text(container, "image");
                    boolean latest = image.endsWith(":latest") || !hasTag(image);
                    container.put("imagePullPolicy", latest ? "Always" : "IfNotPresent");
                }
            }
        }
    }

    private static boolean hasTag(String image) {
        return image.substring(image.lastIndexOf('/') + 1).contains(":");
    }

    @Override
    public void validate(ObjectNode object, @Nullable ObjectNode old, List<FieldError> errors) {
        validateSpec(Trees.objectAt(object, "spec"), "spec", errors);
        if (old != null && !fixedPart(object).equals(fixedPart(old))) {
            errors.add(
                    FieldError.forbidden(
                            "spec",
                            "pod updates may not change fields other than"
                                    + " `spec.containers[*].image`,`spec.initContainers[*].image`,"
                                    + "`spec.activeDeadlineSeconds`,`spec.tolerations`"));
        }
    }

    static void validateSpec(ObjectNode spec, String path, List<FieldError> errors) {
        if (Trees.arrayAt(spec, "containers").isEmpty()) {
            errors.add(FieldError.required(path + ".containers", ""));
        }
        Set<String> names = new HashSet<>();
        for (String list : CONTAINER_LISTS) {
            ArrayNode containers = Trees.arrayAt(spec, list);
            for (int i = 0; i < containers.size(); i++) {
                container(containers.get(i), path + "." + list + "[" + i + "]", names, errors);
            }
        }
    }

    private static void container(
            JsonNode container, String path, Set<String> names, List<FieldError> errors) {
        String name = Trees.text(container, "name");
        String problem = Names.labelProblem(name);
        if (!problem.isEmpty()) {
            errors.add(FieldError.invalid(path + ".name", name, problem));
        } else if (!names.add(name)) {
            errors.add(FieldError.duplicate(path + ".name", name));
        }
        if (Trees.text(container, "image").isBlank()) {
            errors.add(FieldError.required(path + ".image", ""));
        }
    }

    private static ObjectNode fixedPart(ObjectNode pod) {
        ObjectNode spec = Trees.objectAt(pod, "spec").deepCopy();
        spec.remove(List.of("activeDeadlineSeconds", "tolerations", "nodeName"));
        spec.remove(List.of("terminationGracePeriodSeconds", "ephemeralContainers"));
        for (String list : CONTAINER_LISTS) {
            for (JsonNode container : Trees.arrayAt(spec, list)) {
                ((ObjectNode) container).remove(List.of("image", "imagePullPolicy", "resources"));
            }
        }
        return spec;
    }
}

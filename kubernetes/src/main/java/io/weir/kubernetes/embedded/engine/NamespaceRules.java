package io.weir.kubernetes.embedded.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.object.Names;
import io.weir.kubernetes.embedded.object.Trees;

import org.jspecify.annotations.Nullable;

/** Namespaces are held by a finalizer of their own until they are empty. */
final class NamespaceRules implements KindRules {

    @Override
    public void prepare(ObjectNode object, @Nullable ObjectNode old) {
        ObjectNode labels = Trees.child(Trees.metadata(object), "labels");
        labels.put("kubernetes.io/metadata.name", Trees.name(object));
        if (old == null) {
            ObjectNode spec = Trees.child(object, "spec");
            spec.putArray("finalizers").add("kubernetes");
            Trees.child(object, "status").put("phase", "Active");
        }
    }

    @Override
    public String nameProblem(String name) {
        return Names.labelProblem(name);
    }
}

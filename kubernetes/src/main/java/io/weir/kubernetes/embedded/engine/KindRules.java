package io.weir.kubernetes.embedded.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.object.FieldError;
import io.weir.kubernetes.embedded.object.Names;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** What a kind needs beyond its schema. */
interface KindRules {

    /** For kinds that need nothing. */
    KindRules NONE = new KindRules() {};

    /** Completes an object after the defaults of the schema; it is changed in place. */
    default void prepare(ObjectNode object, @Nullable ObjectNode old) {}

    /** Adds what is wrong with an object that its schema finds valid. */
    default void validate(ObjectNode object, @Nullable ObjectNode old, List<FieldError> errors) {}

    /** Returns what is wrong with a name; empty when nothing is. */
    default String nameProblem(String name) {
        return Names.subdomainProblem(name);
    }
}

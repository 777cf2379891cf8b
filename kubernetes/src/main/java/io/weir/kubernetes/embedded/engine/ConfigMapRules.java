package io.weir.kubernetes.embedded.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.object.FieldError;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** ConfigMaps. */
final class ConfigMapRules implements KindRules {

    @Override
    public void validate(ObjectNode object, @Nullable ObjectNode old, List<FieldError> errors) {
        DataRules.validate(object, old, errors);
    }
}

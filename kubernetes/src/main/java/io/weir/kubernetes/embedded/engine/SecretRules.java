package io.weir.kubernetes.embedded.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.object.FieldError;
import io.weir.kubernetes.embedded.object.Trees;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** Secrets: readable values are encoded, and what a type needs must be there. */
final class SecretRules implements KindRules {

    private static final Map<String, List<String>> NEEDED =
            Map.of(
                    "kubernetes.io/tls", List.of("tls.crt", "tls.key"),
                    "kubernetes.io/dockerconfigjson", List.of(".dockerconfigjson"),
                    "kubernetes.io/ssh-auth", List.of("ssh-privatekey"));

    @Override
    public void prepare(ObjectNode object, @Nullable ObjectNode old) {
        if (object.remove("stringData") instanceof ObjectNode readable) {
            ObjectNode data = Trees.child(object, "data");
            readable.properties().forEach(e -> data.put(e.getKey(), encode(e.getValue().asText())));
        }
        if (!object.has("type")) {
            object.put("type", "Opaque");
        }
    }

    private static String encode(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void validate(ObjectNode object, @Nullable ObjectNode old, List<FieldError> errors) {
        for (String key : NEEDED.getOrDefault(Trees.text(object, "type"), List.of())) {
            if (!Trees.at(object, "data", key).isTextual()) {
                errors.add(FieldError.required("data[" + key + "]", ""));
            }
        }
        DataRules.validate(object, old, errors);
        if (old != null && !Trees.text(old, "type").equals(Trees.text(object, "type"))) {
            errors.add(
                    FieldError.invalid("type", Trees.text(object, "type"), "field is immutable"));
        }
    }
}

package io.weir.kubernetes.embedded.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.re2j.PatternSyntaxException;

import io.weir.kubernetes.embedded.schema.Schema.ListType;
import io.weir.kubernetes.embedded.schema.Schema.Logic;
import io.weir.kubernetes.embedded.schema.Schema.Merge;
import io.weir.kubernetes.embedded.schema.Schema.Rule;

import org.jspecify.annotations.Nullable;

import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads schemas from their OpenAPI form.
 *
 * <p>References are followed; a type that is referred to from many places is read once. A type that
 * contains itself is not possible in a structural schema and must be cut with {@code
 * x-kubernetes-preserve-unknown-fields}.
 */
public final class SchemaReader {

    private static final String REFERENCE_PREFIX = "#/components/schemas/";

    private final JsonNode components;
    private final Map<String, Schema> read = new HashMap<>();

    /**
     * @param components named types that references point to
     */
    public SchemaReader(JsonNode components) {
        this.components = components;
    }

    /**
     * Reads one schema.
     *
     * @throws IllegalArgumentException when a pattern in it is not a regular expression
     */
    public Schema read(JsonNode node) {
        if (node.has("$ref")) {
            return named(node.get("$ref").asText());
        }
        if (node.path("allOf").size() == 1 && node.at("/allOf/0").has("$ref")) {
            return withSite(named(node.at("/allOf/0/$ref").asText()), node);
        }
        return inline(node);
    }

    private Schema named(String reference) {
        String name = reference.substring(REFERENCE_PREFIX.length());
        Schema known = read.get(name);
        if (known == null) {
            known = inline(components.path(name));
            read.put(name, known);
        }
        return known;
    }

    /** A reference with a default or a merge rule beside it. */
    private static Schema withSite(Schema named, JsonNode site) {
        JsonNode value = site.get("default");
        return new Schema(
                named.type(),
                named.properties(),
                named.additional(),
                named.items(),
                named.required(),
                named.nullable(),
                named.preserveUnknown(),
                named.embeddedResource(),
                value != null ? value : named.defaultValue(),
                named.limits(),
                site.has("x-kubernetes-map-type") || site.has("x-kubernetes-patch-strategy")
                        ? merge(site)
                        : named.merge(),
                named.logic(),
                named.rules());
    }

    private Schema inline(JsonNode node) {
        Schema.Type type = type(node);
        return new Schema(
                type,
                properties(node),
                additional(node),
                node.has("items") ? read(node.get("items")) : null,
                required(node),
                node.path("nullable").asBoolean(false) || type == Schema.Type.ANY,
                node.path("x-kubernetes-preserve-unknown-fields").asBoolean(false)
                        || type == Schema.Type.ANY,
                node.path("x-kubernetes-embedded-resource").asBoolean(false),
                node.get("default"),
                limits(node),
                merge(node),
                logic(node),
                node.path("x-kubernetes-validations")
                        .valueStream()
                        .map(SchemaReader::rule)
                        .toList());
    }

    private static Limits limits(JsonNode node) {
        try {
            return Limits.read(node);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    "pattern: \"%s\" (expected: a regular expression: %s)"
                            .formatted(e.getPattern(), e.getDescription()),
                    e);
        }
    }

    private static Schema.Type type(JsonNode node) {
        if (node.path("x-kubernetes-int-or-string").asBoolean(false)
                || node.path("format").asText("").equals("int-or-string")) {
            return Schema.Type.INT_OR_STRING;
        }
        return switch (node.path("type").asText("")) {
            case "object" -> Schema.Type.OBJECT;
            case "array" -> Schema.Type.ARRAY;
            case "string" -> Schema.Type.STRING;
            case "integer" -> Schema.Type.INTEGER;
            case "number" -> Schema.Type.NUMBER;
            case "boolean" -> Schema.Type.BOOLEAN;
            default -> node.has("properties") ? Schema.Type.OBJECT : Schema.Type.ANY;
        };
    }

    private Map<String, Schema> properties(JsonNode node) {
        Map<String, Schema> properties = new LinkedHashMap<>();
        node.path("properties")
                .properties()
                .forEach(e -> properties.put(e.getKey(), read(e.getValue())));
        return Collections.unmodifiableMap(properties);
    }

    private @Nullable Schema additional(JsonNode node) {
        JsonNode additional = node.path("additionalProperties");
        if (additional.isObject()) {
            return read(additional);
        }
        return additional.asBoolean(false) ? Schema.ANYTHING : null;
    }

    private static Set<String> required(JsonNode node) {
        Set<String> required = new LinkedHashSet<>();
        node.path("required").forEach(name -> required.add(name.asText()));
        return Collections.unmodifiableSet(required);
    }

    private static Merge merge(JsonNode node) {
        List<String> strategies =
                List.of(node.path("x-kubernetes-patch-strategy").asText("").split(",", -1));
        ListType listType =
                switch (node.path("x-kubernetes-list-type").asText("")) {
                    case "map" -> ListType.MAP;
                    case "set" -> ListType.SET;
                    default -> ListType.ATOMIC;
                };
        Merge merge =
                new Merge(
                        listType,
                        node.path("x-kubernetes-list-map-keys")
                                .valueStream()
                                .map(JsonNode::asText)
                                .toList(),
                        node.path("x-kubernetes-map-type").asText("").equals("atomic"),
                        node.path("x-kubernetes-patch-merge-key").asText(""),
                        strategies.contains("merge"),
                        strategies.contains("retainKeys"));
        return merge.equals(Merge.PLAIN) ? Merge.PLAIN : merge;
    }

    private Logic logic(JsonNode node) {
        if (type(node) == Schema.Type.INT_OR_STRING) {
            return Logic.NONE;
        }
        Logic logic =
                new Logic(
                        each(node, "allOf"),
                        each(node, "anyOf"),
                        each(node, "oneOf"),
                        node.has("not") ? read(node.get("not")) : null);
        return logic.isEmpty() ? Logic.NONE : logic;
    }

    private List<Schema> each(JsonNode node, String key) {
        return node.path(key).valueStream().map(this::read).toList();
    }

    private static Rule rule(JsonNode node) {
        return new Rule(
                node.path("rule").asText(),
                node.path("message").asText(""),
                node.path("messageExpression").asText(""),
                node.path("reason").asText("FieldValueInvalid"),
                node.path("fieldPath").asText(""),
                node.path("optionalOldSelf").asBoolean(false));
    }
}

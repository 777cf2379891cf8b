package io.weir.kubernetes.embedded.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.kind.KindVersion.Column;
import io.weir.kubernetes.embedded.kind.KindVersion.ScalePaths;
import io.weir.kubernetes.embedded.object.Trees;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads CustomResourceDefinitions. */
public final class DefinedKinds {

    /** What tables of a kind without columns of its own show. */
    private static final Column AGE =
            new Column("Age", "date", "", ".metadata.creationTimestamp", 0);

    private DefinedKinds() {}

    /**
     * Returns the kind that a definition defines.
     *
     * @param kinds from which the schema of metadata comes
     */
    public static KindInfo read(ObjectNode definition, Kinds kinds) {
        JsonNode spec = definition.path("spec");
        JsonNode names = spec.path("names");
        String group = Trees.text(spec, "group");
        JsonNode components =
                kinds.resource("namespaces").orElseThrow().storage().schema().components();
        List<KindVersion> versions = new ArrayList<>();
        Trees.arrayAt(spec, "versions")
                .valueStream()
                .filter(version -> version.path("served").asBoolean(false))
                .sorted(Comparator.comparing(version -> !version.path("storage").asBoolean(false)))
                .forEach(version -> versions.add(version(group, version, components)));
        return new KindInfo(
                group,
                Trees.text(names, "kind"),
                Trees.text(names, "listKind"),
                Trees.text(names, "plural"),
                Trees.text(names, "singular"),
                texts(names, "shortNames"),
                texts(names, "categories"),
                Trees.text(spec, "scope").equals("Namespaced"),
                true,
                false,
                KindInfo.Origin.DEFINITION,
                versions);
    }

    /** Returns the resource that a definition defines. */
    public static String resource(ObjectNode definition) {
        return Trees.text(definition, "spec", "names", "plural")
                + "."
                + Trees.text(definition, "spec", "group");
    }

    private static KindVersion version(String group, JsonNode version, JsonNode components) {
        JsonNode subresources = version.path("subresources");
        List<Column> columns =
                Trees.arrayAt(version, "additionalPrinterColumns")
                        .valueStream()
                        .map(DefinedKinds::column)
                        .toList();
        Set<String> selectable =
                Trees.arrayAt(version, "selectableFields")
                        .valueStream()
                        .map(field -> Trees.text(field, "jsonPath").substring(1))
                        .collect(Collectors.toSet());
        return new KindVersion(
                group,
                Trees.text(version, "name"),
                deprecation(group, version),
                subresources.has("status"),
                scale(subresources.path("scale")),
                Set.of(),
                columns.isEmpty() ? List.of(AGE) : columns,
                selectable,
                schema(version, components));
    }

    private static String deprecation(String group, JsonNode version) {
        if (!version.path("deprecated").asBoolean(false)) {
            return "";
        }
        String warning = Trees.text(version, "deprecationWarning");
        return warning.isEmpty()
                ? group + "/" + Trees.text(version, "name") + " is deprecated"
                : warning;
    }

    private static SchemaSource schema(JsonNode version, JsonNode components) {
        ObjectNode schema = Trees.objectAt(version, "schema", "openAPIV3Schema").deepCopy();
        ObjectNode properties = Trees.child(schema, "properties");
        properties.putObject("apiVersion").put("type", "string");
        properties.putObject("kind").put("type", "string");
        properties.putObject("metadata").put("$ref", "#/components/schemas/meta.ObjectMeta");
        return new SchemaSource(schema, components);
    }

    private static Column column(JsonNode column) {
        return new Column(
                Trees.text(column, "name"),
                Trees.text(column, "type"),
                Trees.text(column, "description"),
                Trees.text(column, "jsonPath"),
                column.path("priority").asInt(0));
    }

    private static Optional<ScalePaths> scale(JsonNode scale) {
        if (!scale.isObject()) {
            return Optional.empty();
        }
        return Optional.of(
                new ScalePaths(
                        path(scale, "specReplicasPath"),
                        path(scale, "statusReplicasPath"),
                        path(scale, "labelSelectorPath")));
    }

    private static String path(JsonNode scale, String key) {
        String path = Trees.text(scale, key);
        return path.startsWith(".") ? path.substring(1) : path;
    }

    private static List<String> texts(JsonNode node, String key) {
        return Trees.arrayAt(node, key).valueStream().map(JsonNode::asText).toList();
    }
}

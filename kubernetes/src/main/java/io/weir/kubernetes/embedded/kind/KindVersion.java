package io.weir.kubernetes.embedded.kind;

import io.weir.kubernetes.embedded.object.Trees;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One served version of a kind.
 *
 * @param group API group of the kind
 * @param name for instance {@code v1beta1}
 * @param deprecation warning that clients get; empty when the version is not deprecated
 * @param hasStatus whether the status is written apart from the rest
 * @param scale where the replica counts are, when the kind can be scaled
 * @param subresources further subresources, as {@code log}
 * @param columns columns of tables besides the name
 * @param selectable fields besides name and namespace by which lists can be selected
 * @param schema what objects look like
 */
public record KindVersion(
        String group,
        String name,
        String deprecation,
        boolean hasStatus,
        Optional<ScalePaths> scale,
        Set<String> subresources,
        List<Column> columns,
        Set<String> selectable,
        SchemaSource schema) {

    public KindVersion {
        subresources = Set.copyOf(subresources);
        columns = List.copyOf(columns);
        selectable = Set.copyOf(selectable);
    }

    /**
     * Where replica counts are, as dotted paths without a leading dot.
     *
     * @param spec for instance {@code spec.replicas}
     * @param status for instance {@code status.replicas}
     * @param selector path of a selector in text form; empty for none
     */
    public record ScalePaths(String spec, String status, String selector) {}

    /**
     * One column of a table.
     *
     * @param name heading
     * @param type {@code string}, {@code integer}, {@code number}, {@code boolean} or {@code date}
     * @param description for people
     * @param path JSONPath of the value
     * @param priority 0 for columns that are always shown; others are shown when asked for
     */
    public record Column(String name, String type, String description, String path, int priority) {}

    /** Returns {@code group/version}, or the version alone for the core group. */
    public String apiVersion() {
        return Trees.apiVersion(group, name);
    }
}

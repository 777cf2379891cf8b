package io.weir.kubernetes.embedded.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.object.Trees;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A set of fields, as a trie. Steps are written as in {@code managedFields}: {@code f:name} for a
 * member, {@code k:{"name":"a"}} for an item with keys, {@code v:"a"} for an item of a set.
 *
 * @param member whether the field at this node itself is in the set
 * @param children the fields below
 */
record FieldSet(boolean member, SortedMap<String, FieldSet> children) {

    static final FieldSet EMPTY = new FieldSet(false, new TreeMap<>());
    static final FieldSet LEAF = new FieldSet(true, new TreeMap<>());

    static FieldSet of(boolean member, SortedMap<String, FieldSet> children) {
        children.values().removeIf(FieldSet::isEmpty);
        return new FieldSet(member, children);
    }

    boolean isEmpty() {
        return !member && children.isEmpty();
    }

    FieldSet child(String step) {
        return children.getOrDefault(step, EMPTY);
    }

    FieldSet union(FieldSet other) {
        SortedMap<String, FieldSet> all = new TreeMap<>(children);
        other.children.forEach((step, set) -> all.merge(step, set, FieldSet::union));
        return new FieldSet(member || other.member, all);
    }

    FieldSet minus(FieldSet other) {
        SortedMap<String, FieldSet> rest = new TreeMap<>();
        children.forEach((step, set) -> rest.put(step, set.minus(other.child(step))));
        return of(member && !other.member, rest);
    }

    /**
     * Returns what is here and has nothing at all in the other set. An object that holds fields
     * counts as a field itself, in both, whether its owner was recorded with it or without.
     */
    FieldSet notStatedIn(FieldSet other) {
        SortedMap<String, FieldSet> rest = new TreeMap<>();
        children.forEach((step, set) -> rest.put(step, set.notStatedIn(other.child(step))));
        return of(other.isEmpty() && !isEmpty(), rest);
    }

    FieldSet intersection(FieldSet other) {
        SortedMap<String, FieldSet> both = new TreeMap<>();
        children.forEach((step, set) -> both.put(step, set.intersection(other.child(step))));
        return of(member && other.member, both);
    }

    /** Returns the set without a subtree that begins at the root. */
    FieldSet without(String step) {
        SortedMap<String, FieldSet> rest = new TreeMap<>(children);
        rest.remove(step);
        return of(member, rest);
    }

    /** Returns the paths of all members, for instance {@code .spec.replicas}. */
    List<String> paths() {
        List<String> paths = new ArrayList<>();
        collect("", paths);
        return paths;
    }

    private void collect(String prefix, List<String> paths) {
        if (member) {
            paths.add(prefix);
        }
        children.forEach((step, set) -> set.collect(prefix + show(step), paths));
    }

    private static String show(String step) {
        if (step.startsWith("f:")) {
            return "." + step.substring(2);
        }
        String value = step.substring(2);
        if (!step.startsWith("k:")) {
            return "[=" + value + "]";
        }
        List<String> keys = new ArrayList<>();
        Trees.parse(value.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                .properties()
                .forEach(e -> keys.add(e.getKey() + "=" + e.getValue()));
        return "[" + String.join(",", keys) + "]";
    }

    /** Returns the {@code fieldsV1} form. */
    ObjectNode toTree() {
        ObjectNode node = Trees.object();
        if (member && !children.isEmpty()) {
            node.putObject(".");
        }
        children.forEach((step, set) -> node.set(step, set.toTree()));
        return node;
    }

    /** Reads the {@code fieldsV1} form. */
    static FieldSet ofTree(JsonNode node) {
        SortedMap<String, FieldSet> children = new TreeMap<>();
        for (var entry : node.properties()) {
            if (!entry.getKey().equals(".")) {
                JsonNode below = entry.getValue();
                children.put(entry.getKey(), below.isEmpty() ? LEAF : ofTree(below));
            }
        }
        return new FieldSet(node.has("."), children);
    }
}

package io.weir.kubernetes.embedded.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.object.Trees;

import java.util.ArrayList;
import java.util.List;

/**
 * Who set which fields of one object: {@code metadata.managedFields}, read and written.
 *
 * @param entries one for each manager, operation and subresource
 */
record ManagedFields(List<Entry> entries) {

    ManagedFields {
        entries = List.copyOf(entries);
    }

    /**
     * Whose fields they are.
     *
     * @param name for instance {@code kubectl-client-side-apply}
     * @param apply whether they were stated by an apply, or changed by an update
     * @param subresource for instance {@code status}; empty for the object itself
     */
    record Manager(String name, boolean apply, String subresource) {}

    /**
     * The fields of one manager.
     *
     * @param manager whose they are
     * @param apiVersion version that the manager spoke last
     * @param time when they last changed, as written
     * @param fields which fields
     */
    record Entry(Manager manager, String apiVersion, String time, FieldSet fields) {

        Entry with(FieldSet other) {
            return new Entry(manager, apiVersion, time, other);
        }
    }

    /** Reads the entries of an object; an entry that makes no sense is left out. */
    static ManagedFields of(ObjectNode object) {
        List<Entry> entries = new ArrayList<>();
        for (JsonNode node : Trees.arrayAt(object, "metadata", "managedFields")) {
            if (Trees.text(node, "fieldsType").equals("FieldsV1")) {
                entries.add(read(node));
            }
        }
        return new ManagedFields(entries);
    }

    private static Entry read(JsonNode node) {
        Manager manager =
                new Manager(
                        Trees.text(node, "manager"),
                        Trees.text(node, "operation").equals("Apply"),
                        Trees.text(node, "subresource"));
        return new Entry(
                manager,
                Trees.text(node, "apiVersion"),
                Trees.text(node, "time"),
                FieldSet.ofTree(node.path("fieldsV1")));
    }

    FieldSet fieldsOf(Manager manager) {
        return entries.stream()
                .filter(entry -> entry.manager().equals(manager))
                .map(Entry::fields)
                .reduce(FieldSet.EMPTY, FieldSet::union);
    }

    FieldSet fieldsOfOthers(Manager manager) {
        return entries.stream()
                .filter(entry -> !entry.manager().equals(manager))
                .map(Entry::fields)
                .reduce(FieldSet.EMPTY, FieldSet::union);
    }

    /** Takes fields away from everybody but one manager. */
    ManagedFields withdraw(FieldSet fields, Manager except) {
        return new ManagedFields(
                entries.stream()
                        .map(e -> e.manager().equals(except) ? e : e.with(e.fields().minus(fields)))
                        .filter(e -> !e.fields().isEmpty())
                        .toList());
    }

    /** Takes fields away from everybody. */
    ManagedFields withdraw(FieldSet fields) {
        return new ManagedFields(
                entries.stream()
                        .map(e -> e.with(e.fields().minus(fields)))
                        .filter(e -> !e.fields().isEmpty())
                        .toList());
    }

    /** Gives a manager exactly these fields; the time changes only when they do. */
    ManagedFields set(Manager manager, String apiVersion, String now, FieldSet fields) {
        List<Entry> next = new ArrayList<>();
        String time = now;
        for (Entry entry : entries) {
            if (!entry.manager().equals(manager)) {
                next.add(entry);
            } else if (entry.fields().equals(fields)) {
                time = entry.time();
            }
        }
        if (!fields.isEmpty()) {
            next.add(new Entry(manager, apiVersion, time, fields));
        }
        return new ManagedFields(next);
    }

    /** Writes the entries into an object. */
    void writeTo(ObjectNode object) {
        ObjectNode metadata = Trees.metadata(object);
        if (entries.isEmpty()) {
            metadata.remove("managedFields");
            return;
        }
        ArrayNode array = Trees.array();
        entries.forEach(entry -> array.add(tree(entry)));
        metadata.set("managedFields", array);
    }

    private static ObjectNode tree(Entry entry) {
        ObjectNode node = Trees.object();
        node.put("manager", entry.manager().name());
        node.put("operation", entry.manager().apply() ? "Apply" : "Update");
        node.put("apiVersion", entry.apiVersion());
        node.put("time", entry.time());
        node.put("fieldsType", "FieldsV1");
        node.set("fieldsV1", entry.fields().toTree());
        if (!entry.manager().subresource().isEmpty()) {
            node.put("subresource", entry.manager().subresource());
        }
        return node;
    }
}

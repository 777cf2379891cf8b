package io.weir.kubernetes.embedded.patch;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.object.Trees;
import io.weir.kubernetes.embedded.patch.ManagedFields.Manager;
import io.weir.kubernetes.embedded.schema.Schema;

import java.util.ArrayList;
import java.util.List;

/** Server-side apply, and the bookkeeping that all other writes do for it. */
public final class FieldOwnership {

    private static final List<String> UNOWNED_METADATA =
            List.of(
                    "name",
                    "namespace",
                    "generateName",
                    "uid",
                    "selfLink",
                    "creationTimestamp",
                    "deletionTimestamp",
                    "deletionGracePeriodSeconds",
                    "generation",
                    "resourceVersion",
                    "managedFields");

    private FieldOwnership() {}

    /**
     * Who writes.
     *
     * @param manager name of the field manager
     * @param subresource for instance {@code status}; empty for the object itself
     * @param apiVersion version in which the object is written
     * @param now RFC 3339 time
     * @param ownsStatus whether the endpoint writes the status
     */
    public record Writer(
            String manager, String subresource, String apiVersion, String now, boolean ownsStatus) {

        private FieldSet mayOwn(FieldSet fields) {
            return ownsStatus ? fields : fields.without("f:status");
        }
    }

    /**
     * A field that someone else owns.
     *
     * @param manager who owns it, with operation, version and time as kubectl shows them
     * @param field for instance {@code .spec.replicas}
     */
    public record Conflict(String manager, String field) {}

    /** An apply would change fields that others own. */
    public static final class Conflicted extends Exception {

        private final transient List<Conflict> conflicts;

        private Conflicted(List<Conflict> conflicts) {
            this.conflicts = List.copyOf(conflicts);
        }

        /** Returns the fields and their owners; never empty. */
        public List<Conflict> conflicts() {
            return conflicts;
        }
    }

    /**
     * Lays what is stated over the live object. Neither argument is changed.
     *
     * @param force whether fields of others are taken from them
     * @return the object with its {@code managedFields}
     * @throws Conflicted when fields of others would change and are not to be taken
     */
    public static ObjectNode apply(
            Schema schema, ObjectNode live, ObjectNode stated, Writer writer, boolean force)
            throws Conflicted {
        Manager manager = new Manager(writer.manager(), true, writer.subresource());
        ManagedFields before = ManagedFields.of(live);
        FieldSet wanted = owned(FieldSets.stated(schema, stated));
        ObjectNode merged = (ObjectNode) ApplyMerge.merge(schema, live, stated);
        FieldSet dropped = before.fieldsOf(manager).notStatedIn(wanted);
        FieldSets.remove(schema, merged, removable(dropped, before.fieldsOfOthers(manager)));

        FieldSet changed = changed(schema, live, merged);
        List<Conflict> conflicts = conflicts(before, manager, changed);
        if (!conflicts.isEmpty() && !force) {
            throw new Conflicted(conflicts);
        }
        FieldSet removed = owned(FieldSets.all(schema, live).minus(FieldSets.all(schema, merged)));
        before.withdraw(changed, manager)
                .withdraw(removed)
                .set(manager, writer.apiVersion(), writer.now(), wanted)
                .writeTo(merged);
        return merged;
    }

    /**
     * Records the creation of an object: its manager owns what it said itself and what the schema
     * filled in, but not what the server added.
     *
     * @param said the object as the manager sent it, with defaults
     * @param written the new object; changed in place
     */
    public static void create(Schema schema, ObjectNode said, ObjectNode written, Writer writer) {
        Manager manager = new Manager(writer.manager(), false, writer.subresource());
        FieldSet fields = FieldSets.all(schema, said).intersection(FieldSets.all(schema, written));
        ManagedFields.of(Trees.object())
                .set(manager, writer.apiVersion(), writer.now(), writer.mayOwn(owned(fields)))
                .writeTo(written);
    }

    /**
     * Records a plain write: the manager takes the fields that it added or changed. The new object
     * is changed in place.
     *
     * @param live the object before the write; empty for a new one
     */
    public static void update(Schema schema, ObjectNode live, ObjectNode written, Writer writer) {
        Manager manager = new Manager(writer.manager(), false, writer.subresource());
        ManagedFields before = ManagedFields.of(written);
        FieldSet changed = writer.mayOwn(changed(schema, live, written));
        FieldSet removed = owned(FieldSets.all(schema, live).minus(FieldSets.all(schema, written)));
        ManagedFields after = before.withdraw(changed, manager).withdraw(removed);
        if (!changed.isEmpty()) {
            FieldSet all = after.fieldsOf(manager).union(changed);
            after = after.set(manager, writer.apiVersion(), writer.now(), all);
        }
        after.writeTo(written);
    }

    private static FieldSet changed(Schema schema, ObjectNode before, ObjectNode after) {
        FieldSet added = FieldSets.all(schema, after).minus(FieldSets.all(schema, before));
        return owned(added.union(FieldSets.modified(schema, before, after)));
    }

    /** Fields that are dropped go, unless someone else owns them or something inside them. */
    private static FieldSet removable(FieldSet dropped, FieldSet others) {
        var children = new java.util.TreeMap<String, FieldSet>();
        dropped.children()
                .forEach((step, set) -> children.put(step, removable(set, others.child(step))));
        return FieldSet.of(dropped.member() && others.isEmpty(), children);
    }

    private static List<Conflict> conflicts(
            ManagedFields before, Manager manager, FieldSet changed) {
        List<Conflict> conflicts = new ArrayList<>();
        for (ManagedFields.Entry entry : before.entries()) {
            if (!entry.manager().equals(manager)) {
                for (String path : entry.fields().intersection(changed).paths()) {
                    conflicts.add(new Conflict(describe(entry), path));
                }
            }
        }
        return conflicts;
    }

    private static String describe(ManagedFields.Entry entry) {
        StringBuilder text = new StringBuilder("\"" + entry.manager().name() + "\"");
        if (!entry.manager().subresource().isEmpty()) {
            text.append(" with subresource \"" + entry.manager().subresource() + "\"");
        }
        if (!entry.manager().apply()) {
            text.append(" using " + entry.apiVersion());
            text.append(entry.time().isEmpty() ? "" : " at " + entry.time());
        }
        return text.toString();
    }

    /** What names an object and what the server writes is nobody's. */
    private static FieldSet owned(FieldSet set) {
        FieldSet metadata = set.child("f:metadata");
        for (String name : UNOWNED_METADATA) {
            metadata = metadata.without("f:" + name);
        }
        FieldSet rest = set.without("f:apiVersion").without("f:kind").without("f:metadata");
        var children = new java.util.TreeMap<>(rest.children());
        if (!metadata.children().isEmpty()) {
            children.put(
                    "f:metadata", FieldSet.of(false, new java.util.TreeMap<>(metadata.children())));
        }
        return new FieldSet(false, children);
    }

    /** Returns whether two objects differ in nothing but who set their fields. */
    public static boolean sameButForOwners(ObjectNode first, ObjectNode second) {
        return withoutOwners(first).equals(withoutOwners(second));
    }

    /** Returns whether the managed fields are the same but for their times. */
    public static boolean sameOwners(ObjectNode first, ObjectNode second) {
        return owners(first).equals(owners(second));
    }

    private static List<Object> owners(ObjectNode object) {
        List<Object> owners = new ArrayList<>();
        ManagedFields.of(object)
                .entries()
                .forEach(e -> owners.add(List.of(e.manager(), e.apiVersion(), e.fields())));
        return owners;
    }

    private static ObjectNode withoutOwners(ObjectNode object) {
        ObjectNode copy = Trees.shallowCopy(object);
        ObjectNode metadata = Trees.shallowCopy(Trees.objectAt(object, "metadata"));
        metadata.remove("managedFields");
        copy.set("metadata", metadata);
        return copy;
    }
}

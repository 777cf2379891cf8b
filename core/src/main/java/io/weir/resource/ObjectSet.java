package io.weir.resource;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * An immutable set of objects, each with a key of its own.
 *
 * <p>The objects of a kind are one list in order of namespace, name and group, in which lookups
 * search by halving. So whatever is made of the lists does not depend on the order in which objects
 * arrived, and a changed set shares the lists of all kinds that did not change.
 */
public final class ObjectSet {

    /** No objects. */
    public static final ObjectSet EMPTY = new ObjectSet(new TreeMap<>());

    private static final Comparator<ObjectKey> ORDER =
            Comparator.comparing(ObjectKey::namespace)
                    .thenComparing(ObjectKey::name)
                    .thenComparing(ObjectKey::group);

    private final Map<String, List<Resource>> kinds;
    private final int size;

    private ObjectSet(SortedMap<String, List<Resource>> kinds) {
        this.kinds = kinds;
        int count = 0;
        for (List<Resource> resources : kinds.values()) {
            count += resources.size();
        }
        this.size = count;
    }

    /** Returns a builder without objects. */
    public static Builder builder() {
        return new Builder(EMPTY);
    }

    /** Returns a set of these objects; the last of those with the same key wins. */
    public static ObjectSet of(Resource... resources) {
        return EMPTY.with(List.of(resources));
    }

    /** Returns the number of objects. */
    public int size() {
        return size;
    }

    /** Returns all objects, kind by kind in the alphabet's order. */
    public List<Resource> all() {
        List<Resource> all = new ArrayList<>(size);
        kinds.values().forEach(all::addAll);
        return all;
    }

    /** Returns the objects of a kind, of all groups. */
    public <T extends Resource> List<T> all(Class<T> type) {
        return cast(listOf(type));
    }

    /** Returns the objects of a kind in a namespace, of all groups. */
    public <T extends Resource> List<T> inNamespace(Class<T> type, String namespace) {
        List<Resource> list = listOf(type);
        int from = indexOf(list, namespace, "", "");
        int to = from;
        while (to < list.size() && list.get(to).metadata().namespace().equals(namespace)) {
            to++;
        }
        return cast(list.subList(from, to));
    }

    /** Returns the object with this key. */
    public Optional<Resource> find(ObjectKey key) {
        List<Resource> list = kinds.getOrDefault(key.kind(), List.of());
        return Optional.ofNullable(find(list, key.objectName(), key.group()));
    }

    /** Returns the object of this kind, group and name. */
    public <T extends Resource> Optional<T> find(Class<T> type, String group, ObjectName name) {
        return Optional.ofNullable(find(listOf(type), name, group)).map(type::cast);
    }

    /**
     * Returns the object of this kind and name, for kinds that exist in one group only; of those in
     * several, the first in the alphabet's order of groups.
     */
    public <T extends Resource> Optional<T> find(Class<T> type, ObjectName name) {
        List<Resource> list = listOf(type);
        int index = indexOf(list, name.namespace(), name.name(), "");
        boolean found = index < list.size() && list.get(index).metadata().objectName().equals(name);
        return found ? Optional.of(type.cast(list.get(index))) : Optional.empty();
    }

    /** Returns a set that has these objects too, instead of those with the same keys. */
    public ObjectSet with(Collection<? extends Resource> resources) {
        Builder builder = new Builder(this);
        resources.forEach(builder::put);
        return builder.build();
    }

    /** Returns a set that has this object too, instead of the one with the same key. */
    public ObjectSet with(Resource resource) {
        return with(List.of(resource));
    }

    /** Returns a set without the objects of these keys. */
    public ObjectSet without(Collection<ObjectKey> keys) {
        Builder builder = new Builder(this);
        keys.forEach(builder::remove);
        return builder.build();
    }

    /** Returns a set without the object of this key. */
    public ObjectSet without(ObjectKey key) {
        return without(List.of(key));
    }

    private List<Resource> listOf(Class<? extends Resource> type) {
        for (List<Resource> list : kinds.values()) {
            if (type.isInstance(list.getFirst())) {
                return list;
            }
        }
        return List.of();
    }

    private static @Nullable Resource find(List<Resource> list, ObjectName name, String group) {
        int index = indexOf(list, name.namespace(), name.name(), group);
        boolean found =
                index < list.size()
                        && compare(list.get(index), name.namespace(), name.name(), group) == 0;
        return found ? list.get(index) : null;
    }

    /** Returns the index of the first object that is not before the given place. */
    private static int indexOf(
            List<? extends Resource> list, String namespace, String name, String group) {
        int low = 0;
        int high = list.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (compare(list.get(middle), namespace, name, group) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Compares the places of two objects of a kind in its list. */
    public static int compare(Resource a, Resource b) {
        return compare(a, b.metadata().namespace(), b.metadata().name(), b.group());
    }

    /**
     * Tells two lists of objects of a kind apart. Objects that are the same in both are passed over
     * at the price of a glance.
     *
     * @param gone takes what is only in the list before, and what has been replaced
     * @param added takes what is only in the list now, and what has come in its place
     */
    @SuppressWarnings("ReferenceEquality") // Equal objects may be reported, but not compared.
    public static <T extends Resource> void changes(
            List<T> before, List<T> now, Consumer<T> gone, Consumer<T> added) {
        if (before == now) {
            return;
        }
        int i = 0;
        int j = 0;
        while (i < before.size() && j < now.size()) {
            T a = before.get(i);
            T b = now.get(j);
            int order = a == b ? 0 : compare(a, b);
            if (a != b && order <= 0) {
                gone.accept(a);
            }
            if (a != b && order >= 0) {
                added.accept(b);
            }
            i += order <= 0 ? 1 : 0;
            j += order >= 0 ? 1 : 0;
        }
        before.subList(i, before.size()).forEach(gone);
        now.subList(j, now.size()).forEach(added);
    }

    /**
     * Tells two sets apart. What is the same in both is passed over at the price of a glance.
     *
     * @param touched takes every object that is only in one of them, or not the same in both; of
     *     the latter both
     */
    @SuppressWarnings("ReferenceEquality") // Lists that did not change are shared.
    public static void changes(ObjectSet before, ObjectSet now, Consumer<Resource> touched) {
        Set<String> all = new TreeSet<>(before.kinds.keySet());
        all.addAll(now.kinds.keySet());
        for (String kind : all) {
            List<Resource> old = before.kinds.getOrDefault(kind, List.of());
            List<Resource> present = now.kinds.getOrDefault(kind, List.of());
            if (old != present) {
                changes(old, present, touched, touched);
            }
        }
    }

    /**
     * Returns the place of an object in a list of its kind.
     *
     * @throws java.util.NoSuchElementException when it is not in it
     */
    public static int indexOf(List<? extends Resource> list, ObjectKey key) {
        int index = indexOf(list, key.namespace(), key.name(), key.group());
        if (index == list.size() || !list.get(index).key().equals(key)) {
            throw new NoSuchElementException(key.toString());
        }
        return index;
    }

    private static int compare(Resource resource, String namespace, String name, String group) {
        ObjectMeta meta = resource.metadata();
        int order = meta.namespace().compareTo(namespace);
        order = order != 0 ? order : meta.name().compareTo(name);
        return order != 0 ? order : resource.group().compareTo(group);
    }

    @SuppressWarnings("unchecked")
    private static <T extends Resource> List<T> cast(List<Resource> resources) {
        return (List<T>) (List<?>) resources;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ObjectSet set && kinds.equals(set.kinds);
    }

    @Override
    public int hashCode() {
        return kinds.hashCode();
    }

    @Override
    public String toString() {
        return "ObjectSet" + all().stream().map(Resource::key).toList();
    }

    /** Collects objects. Not for several threads. */
    public static final class Builder {

        private final ObjectSet base;
        private final Map<String, Map<ObjectKey, Optional<Resource>>> changes = new HashMap<>();

        private Builder(ObjectSet base) {
            this.base = base;
        }

        /**
         * Adds an object unless there is one with the same key.
         *
         * @return what is wrong when there is one, naming both places; the first stays
         */
        public Optional<Problem> add(Resource resource) {
            Optional<Resource> first = find(resource.key());
            if (first.isPresent()) {
                return Optional.of(repeated(resource, first.get()));
            }
            put(resource);
            return Optional.empty();
        }

        private static Problem repeated(Resource resource, Resource first) {
            return new Problem(
                    Problem.Severity.ERROR,
                    resource.metadata().origin(),
                    resource.key().toString(),
                    "",
                    "defined again, first at "
                            + first.metadata().origin()
                            + " (expected: once; the first is used)");
        }

        /** Adds an object, instead of the one with the same key. */
        public void put(Resource resource) {
            change(resource.key(), Optional.of(resource));
        }

        /** Removes an object if it is there. */
        public void remove(ObjectKey key) {
            change(key, Optional.empty());
        }

        private void change(ObjectKey key, Optional<Resource> resource) {
            changes.computeIfAbsent(key.kind(), kind -> new HashMap<>()).put(key, resource);
        }

        /** Returns whether there is an object with this key. */
        public boolean contains(ObjectKey key) {
            return find(key).isPresent();
        }

        private Optional<Resource> find(ObjectKey key) {
            Optional<Resource> changed = changes.getOrDefault(key.kind(), Map.of()).get(key);
            return changed == null ? base.find(key) : changed;
        }

        /** Returns the set. */
        public ObjectSet build() {
            SortedMap<String, List<Resource>> kinds = new TreeMap<>(base.kinds);
            changes.forEach((kind, changed) -> {
                List<Resource> merged = merge(kinds.getOrDefault(kind, List.of()), changed);
                if (merged.isEmpty()) {
                    kinds.remove(kind);
                } else {
                    kinds.put(kind, merged);
                }
            });
            return new ObjectSet(kinds);
        }

        private static List<Resource> merge(
                List<Resource> before, Map<ObjectKey, Optional<Resource>> changed) {
            List<ObjectKey> keys = new ArrayList<>(changed.keySet());
            keys.sort(ORDER);
            List<Resource> merged = new ArrayList<>(before.size() + keys.size());
            int next = 0;
            for (ObjectKey key : keys) {
                int end = indexOf(before, key.namespace(), key.name(), key.group());
                merged.addAll(before.subList(next, end));
                changed.getOrDefault(key, Optional.empty()).ifPresent(merged::add);
                boolean replaced =
                        end < before.size()
                                && compare(
                                                before.get(end),
                                                key.namespace(),
                                                key.name(),
                                                key.group())
                                        == 0;
                next = replaced ? end + 1 : end;
            }
            merged.addAll(before.subList(next, before.size()));
            return Collections.unmodifiableList(merged);
        }
    }
}

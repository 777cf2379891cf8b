package io.weir.resource;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An immutable set of objects, each with a key of its own, indexed by kind, key and namespace.
 *
 * <p>Lists are ordered by namespace, name and group, so that whatever is made of them does not
 * depend on the order in which objects arrived. A changed set shares the indexes of all kinds that
 * did not change.
 */
public final class ObjectSet {

    /** No objects. */
    public static final ObjectSet EMPTY = new ObjectSet(Map.of());

    private static final Comparator<Resource> ORDER =
            Comparator.comparing((Resource resource) -> resource.metadata().objectName())
                    .thenComparing(Resource::group);

    private final Map<String, Kind> kinds;
    private final int size;

    private ObjectSet(Map<String, Kind> kinds) {
        this.kinds = kinds;
        this.size = kinds.values().stream().mapToInt(kind -> kind.sorted.size()).sum();
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
        kinds.keySet().stream().sorted().forEach(name -> all.addAll(kind(name).sorted));
        return all;
    }

    /** Returns the objects of a kind, of all groups. */
    public <T extends Resource> List<T> all(Class<T> type) {
        Kind kind = kind(type);
        return kind == null ? List.of() : cast(kind.sorted);
    }

    /** Returns the objects of a kind in a namespace, of all groups. */
    public <T extends Resource> List<T> inNamespace(Class<T> type, String namespace) {
        Kind kind = kind(type);
        return kind == null ? List.of() : cast(kind.byNamespace.getOrDefault(namespace, List.of()));
    }

    /** Returns the object with this key. */
    public Optional<Resource> find(ObjectKey key) {
        Kind kind = kinds.get(key.kind());
        return kind == null ? Optional.empty() : Optional.ofNullable(kind.byKey.get(key));
    }

    /** Returns the object of this kind, group and name. */
    public <T extends Resource> Optional<T> find(Class<T> type, String group, ObjectName name) {
        return inNamespace(type, name.namespace()).stream()
                .filter(resource -> resource.metadata().name().equals(name.name()))
                .filter(resource -> resource.group().equals(group))
                .findFirst();
    }

    /**
     * Returns the object of this kind and name, for kinds that exist in one group only; of those in
     * several, the first in the alphabet's order of groups.
     */
    public <T extends Resource> Optional<T> find(Class<T> type, ObjectName name) {
        Kind kind = kind(type);
        Resource found = kind == null ? null : kind.byName.get(name);
        return Optional.ofNullable(found).map(type::cast);
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

    private Kind kind(String name) {
        Kind kind = kinds.get(name);
        return kind == null ? new Kind(Map.of()) : kind;
    }

    private @Nullable Kind kind(Class<? extends Resource> type) {
        for (Kind kind : kinds.values()) {
            if (type.isInstance(kind.sorted.getFirst())) {
                return kind;
            }
        }
        return null;
    }

    @SuppressWarnings("unchecked")
    private static <T extends Resource> List<T> cast(List<Resource> resources) {
        return (List<T>) (List<?>) resources;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ObjectSet set && all().equals(set.all());
    }

    @Override
    public int hashCode() {
        return all().hashCode();
    }

    @Override
    public String toString() {
        return "ObjectSet" + all().stream().map(Resource::key).toList();
    }

    /** The objects of one kind. */
    private static final class Kind {
        private final Map<ObjectKey, Resource> byKey;
        private final Map<ObjectName, Resource> byName = new HashMap<>();
        private final Map<String, List<Resource>> byNamespace = new LinkedHashMap<>();
        private final List<Resource> sorted;

        Kind(Map<ObjectKey, Resource> byKey) {
            this.byKey = byKey;
            this.sorted = byKey.values().stream().sorted(ORDER).toList();
            for (Resource resource : sorted) {
                ObjectName name = resource.metadata().objectName();
                byName.putIfAbsent(name, resource);
                byNamespace.computeIfAbsent(name.namespace(), n -> new ArrayList<>()).add(resource);
            }
            byNamespace.replaceAll((name, list) -> List.copyOf(list));
        }
    }

    /** Collects objects. Not for several threads. */
    public static final class Builder {

        private final ObjectSet base;
        private final Map<String, Map<ObjectKey, Resource>> changed = new HashMap<>();

        private Builder(ObjectSet base) {
            this.base = base;
        }

        /**
         * Adds an object unless there is one with the same key.
         *
         * @return what is wrong when there is one, naming both places; the first stays
         */
        public Optional<Problem> add(Resource resource) {
            Resource first = editable(resource.kind()).putIfAbsent(resource.key(), resource);
            return first == null ? Optional.empty() : Optional.of(repeated(resource, first));
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
            editable(resource.kind()).put(resource.key(), resource);
        }

        /** Removes an object if it is there. */
        public void remove(ObjectKey key) {
            if (contains(key)) {
                editable(key.kind()).remove(key);
            }
        }

        /** Returns whether there is an object with this key. */
        public boolean contains(ObjectKey key) {
            Map<ObjectKey, Resource> own = changed.get(key.kind());
            return own == null ? base.find(key).isPresent() : own.containsKey(key);
        }

        private Map<ObjectKey, Resource> editable(String kind) {
            return changed.computeIfAbsent(kind, name -> new HashMap<>(base.kind(name).byKey));
        }

        /** Returns the set. */
        public ObjectSet build() {
            Map<String, Kind> kinds = new HashMap<>(base.kinds);
            changed.forEach((name, resources) -> {
                if (resources.isEmpty()) {
                    kinds.remove(name);
                } else {
                    kinds.put(name, new Kind(Map.copyOf(resources)));
                }
            });
            return new ObjectSet(kinds);
        }
    }
}

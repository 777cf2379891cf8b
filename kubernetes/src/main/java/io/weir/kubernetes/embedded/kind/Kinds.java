package io.weir.kubernetes.embedded.kind;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** The kinds that there are at the moment. */
public final class Kinds {

    private final Map<String, KindInfo> builtIn;
    private volatile State state;

    /** One immutable state of the list. */
    private record State(long revision, Map<String, KindInfo> byResource) {}

    /**
     * @param builtIn the kinds that are always there
     */
    public Kinds(Collection<KindInfo> builtIn) {
        Map<String, KindInfo> map = new LinkedHashMap<>();
        builtIn.forEach(info -> map.put(info.resource(), info));
        this.builtIn = map;
        this.state = new State(1, new LinkedHashMap<>(map));
    }

    /** Returns a number that changes with every change of the list. */
    public long revision() {
        return state.revision;
    }

    /** Returns every kind; the order is stable. */
    public List<KindInfo> all() {
        return List.copyOf(state.byResource.values());
    }

    /** Returns the kind of a stored object. */
    public Optional<KindInfo> resource(String resource) {
        return Optional.ofNullable(state.byResource.get(resource));
    }

    /** Finds a kind by what a request path says. */
    public Optional<Served> byPath(String group, String version, String plural) {
        KindInfo info = state.byResource.get(group.isEmpty() ? plural : plural + "." + group);
        return info == null
                ? Optional.empty()
                : info.version(version).map(found -> new Served(info, found));
    }

    /** Finds a kind by what an object says. */
    public Optional<Served> byKind(String apiVersion, String kind) {
        int slash = apiVersion.indexOf('/');
        String group = slash < 0 ? "" : apiVersion.substring(0, slash);
        String version = apiVersion.substring(slash + 1);
        for (KindInfo info : state.byResource.values()) {
            if (info.group().equals(group) && info.kind().equals(kind)) {
                return info.version(version).map(found -> new Served(info, found));
            }
        }
        return Optional.empty();
    }

    /** Finds a kind by what an owner reference says: any version of the group will do. */
    public Optional<KindInfo> byGroupKind(String group, String kind) {
        return state.byResource.values().stream()
                .filter(info -> info.group().equals(group) && info.kind().equals(kind))
                .findFirst();
    }

    /** Returns whether the kind was built in, whatever defines it now. */
    public boolean isBuiltIn(String resource) {
        return builtIn.containsKey(resource);
    }

    /** Adds a kind or replaces the one of the same resource. */
    public synchronized void put(KindInfo info) {
        Map<String, KindInfo> next = new LinkedHashMap<>(state.byResource);
        next.put(info.resource(), info);
        state = new State(state.revision + 1, next);
    }

    /** Removes a kind; a built-in one of the same resource comes back. */
    public synchronized void remove(String resource) {
        Map<String, KindInfo> next = new LinkedHashMap<>(state.byResource);
        KindInfo original = builtIn.get(resource);
        if (original == null) {
            next.remove(resource);
        } else {
            next.put(resource, original);
        }
        state = new State(state.revision + 1, next);
    }

    /** Returns the groups with their versions, best first, and the kinds of each version. */
    public Map<String, Map<String, List<Served>>> byGroup() {
        Map<String, Map<String, List<Served>>> groups = new LinkedHashMap<>();
        for (GroupVersions part : discovery(resource -> false)) {
            part.versions()
                    .forEach((version, served) ->
                            groups.computeIfAbsent(part.group(), key -> VersionOrder.newMap())
                                    .put(version, served));
        }
        return groups;
    }

    /**
     * Returns the groups in the order in which clients should look for a kind by its name alone.
     *
     * @param used whether there are objects of a resource
     */
    public List<GroupVersions> discovery(Predicate<String> used) {
        State now = state;
        return new DiscoveryOrder(List.copyOf(builtIn.keySet()), now.byResource.values(), used)
                .parts();
    }

    /** Returns the kinds of other groups that share the plural name of one. */
    public List<KindInfo> namesakes(KindInfo info) {
        return state.byResource.values().stream()
                .filter(other -> other.plural().equals(info.plural()))
                .filter(other -> !other.group().equals(info.group()))
                .toList();
    }
}

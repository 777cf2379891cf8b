package io.weir.kubernetes.embedded.kind;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The order of groups. A client that is told only a name, as in {@code kubectl get inferencepools},
 * takes the first group that has it; so first come
 *
 * <ol>
 *   <li>what Kubernetes itself has,
 *   <li>versions with a kind of which there are objects, when other groups have a kind of that name
 *       too; those that nobody has published after the others,
 *   <li>what someone has defined,
 *   <li>what is built in and published by someone,
 *   <li>what is built in although nobody has published it.
 * </ol>
 *
 * <p>Among equals, built-in kinds come in the order of their files, others by the name of their
 * group. A group whose versions have different ranks is told in parts.
 */
final class DiscoveryOrder {

    private final List<String> builtIn;
    private final Collection<KindInfo> kinds;
    private final Predicate<String> used;
    private final Set<String> contested;

    /**
     * @param builtIn resources of built-in kinds
     * @param used whether there are objects of a resource
     */
    DiscoveryOrder(List<String> builtIn, Collection<KindInfo> kinds, Predicate<String> used) {
        this.builtIn = builtIn;
        this.kinds = kinds;
        this.used = used;
        this.contested = contested(kinds);
    }

    private static Set<String> contested(Collection<KindInfo> kinds) {
        Set<String> once = new HashSet<>();
        return kinds.stream()
                .map(KindInfo::plural)
                .filter(plural -> !once.add(plural))
                .collect(Collectors.toSet());
    }

    /** What clients look into at once. */
    private record PartKey(String group, int rank) {}

    private record Part(
            PartKey key, int position, String name, Map<String, List<Served>> versions) {}

    List<GroupVersions> parts() {
        Map<String, List<Served>> byVersion = new HashMap<>();
        List<Served> all = new ArrayList<>();
        for (KindInfo info : kinds) {
            for (KindVersion version : info.versions()) {
                Served served = new Served(info, version);
                all.add(served);
                byVersion
                        .computeIfAbsent(served.apiVersion(), key -> new ArrayList<>())
                        .add(served);
            }
        }
        Map<PartKey, Part> parts = new HashMap<>();
        for (Served served : all) {
            List<Served> version = byVersion.getOrDefault(served.apiVersion(), List.of());
            PartKey key = new PartKey(served.info().group(), rank(version));
            parts.computeIfAbsent(key, k -> part(k, served.info()))
                    .versions()
                    .put(served.version().name(), version);
        }
        return parts.values().stream()
                .sorted(
                        Comparator.comparingInt((Part part) -> part.key().rank())
                                .thenComparingInt(Part::position)
                                .thenComparing(Part::name))
                .map(part -> new GroupVersions(part.name(), part.versions()))
                .toList();
    }

    private Part part(PartKey key, KindInfo first) {
        int position = builtIn.indexOf(first.resource());
        return new Part(
                key, position < 0 ? builtIn.size() : position, key.group(), VersionOrder.newMap());
    }

    private int rank(List<Served> version) {
        return version.stream().mapToInt(served -> rank(served.info())).min().orElseThrow();
    }

    private int rank(KindInfo info) {
        boolean isUsed = contested.contains(info.plural()) && used.test(info.resource());
        return switch (info.origin()) {
            case KUBERNETES -> 0;
            case DEFINITION -> isUsed ? 1 : 3;
            case WEIR -> isUsed ? 1 : 4;
            case UNPUBLISHED -> isUsed ? 2 : 5;
        };
    }
}

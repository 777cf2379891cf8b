package io.weir.kubernetes.cluster;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which kinds a feed reads. A role reads only those that its permissions are published for. */
public final class FeedKinds {

    /** Everything that configures the gateway. */
    public static final FeedKinds ALL = new FeedKinds(WatchedKind.ALL, WatchedKind.ALL, true);

    /** What a body-based router reads. */
    public static final FeedKinds BODY_ROUTER =
            new FeedKinds(kinds("ConfigMap"), kinds("ConfigMap"), false);

    private final List<WatchedKind> kinds;
    private final List<WatchedKind> awaited;
    private final boolean definitions;

    private FeedKinds(List<WatchedKind> kinds, List<WatchedKind> awaited, boolean definitions) {
        this.kinds = kinds;
        this.awaited = awaited;
        this.definitions = definitions;
    }

    /**
     * Returns what an endpoint picker reads: pools, Pods, and what may be said of models.
     *
     * @param poolGroup the pool's API group, the one whose pools are waited for
     */
    public static FeedKinds picker(String poolGroup) {
        List<WatchedKind> kinds =
                kinds(
                        "InferencePool",
                        "InferenceModel",
                        "InferenceModelRewrite",
                        "InferenceObjective",
                        "Pod");
        List<WatchedKind> awaited =
                kinds("InferencePool", "Pod").stream()
                        .filter(kind -> kind.group().isEmpty() || kind.group().equals(poolGroup))
                        .toList();
        return new FeedKinds(kinds, awaited, false);
    }

    private static List<WatchedKind> kinds(String... names) {
        Set<String> wanted = Stream.of(names).collect(Collectors.toSet());
        return WatchedKind.ALL.stream().filter(kind -> wanted.contains(kind.kind())).toList();
    }

    List<WatchedKind> kinds() {
        return kinds;
    }

    /**
     * Returns whether objects are incomplete as long as this kind, which is served, is not listed.
     */
    boolean isAwaited(WatchedKind kind) {
        return awaited.contains(kind);
    }

    /**
     * Returns whether definitions of kinds are watched, too, so that new kinds are seen at once.
     */
    boolean watchesDefinitions() {
        return definitions;
    }
}

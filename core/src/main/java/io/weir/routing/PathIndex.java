package io.weir.routing;

import io.weir.resource.HttpRoute.Match;
import io.weir.resource.HttpRoute.MatchType;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The matches of one host name by path: exact paths first, then expressions, longer ones first,
 * then prefixes, the longest first. (The specification leaves the place of expressions open; before
 * prefixes they are not shadowed by a rule for every path.)
 */
final class PathIndex {

    static final PathIndex EMPTY = new PathIndex(Map.of(), Map.of(), Map.of());

    private final Map<String, MatchBucket> exact;
    private final Map<String, MatchBucket> byExpression;
    private final Map<String, MatchBucket> byPrefix;
    private final Expression[] expressions;
    private final ElementIndex<MatchBucket> prefixes;
    private final boolean dependsOnBody;

    private PathIndex(
            Map<String, MatchBucket> exact,
            Map<String, MatchBucket> byExpression,
            Map<String, MatchBucket> byPrefix) {
        this.exact = exact;
        this.byExpression = byExpression;
        this.byPrefix = byPrefix;
        this.expressions =
                byExpression.entrySet().stream()
                        .map(e -> Expression.of(e.getKey(), e.getValue()))
                        .sorted(Expression.LONGEST_FIRST)
                        .toArray(Expression[]::new);
        this.prefixes = ElementIndex.ofPathPrefixes(byPrefix);
        this.dependsOnBody =
                Stream.of(exact, byExpression, byPrefix)
                        .flatMap(buckets -> buckets.values().stream())
                        .anyMatch(MatchBucket::dependsOnBody);
    }

    /** Returns this index with some matches changed. */
    PathIndex with(Change change) {
        return change.isEmpty()
                ? this
                : new PathIndex(
                        change.applied(MatchType.EXACT, exact),
                        change.applied(MatchType.REGULAR_EXPRESSION, byExpression),
                        change.applied(MatchType.PATH_PREFIX, byPrefix));
    }

    boolean isEmpty() {
        return exact.isEmpty() && byExpression.isEmpty() && byPrefix.isEmpty();
    }

    /** Returns a path prefix without its trailing slash. */
    static String prefixKey(String prefix) {
        return prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix;
    }

    boolean dependsOnBody() {
        return dependsOnBody;
    }

    /**
     * Returns the entry of highest precedence that matches.
     *
     * @param withBody whether headers derived from the body are known; when not, conditions on them
     *     count as met
     */
    @Nullable MatchEntry first(RequestHead head, boolean withBody) {
        String path = head.path();
        MatchBucket same = exact.get(path);
        MatchEntry found = same == null ? null : same.first(head, withBody);
        for (int i = 0; found == null && i < expressions.length; i++) {
            if (expressions[i].test.matches(path)) {
                found = expressions[i].bucket.first(head, withBody);
            }
        }
        var prefix = found == null ? prefixes.longest(path) : null;
        for (; found == null && prefix != null; prefix = prefix.shorter()) {
            found = prefix.value().first(head, withBody);
        }
        return found;
    }

    private record Expression(String text, ValueTest test, MatchBucket bucket) {
        static final Comparator<Expression> LONGEST_FIRST =
                Comparator.comparingInt((Expression e) -> -e.text.length())
                        .thenComparing(Expression::text);

        static Expression of(String text, MatchBucket bucket) {
            return new Expression(text, ValueTest.of(MatchType.REGULAR_EXPRESSION, text), bucket);
        }
    }

    /** Collects the matches of one host name that go and come. */
    static final class Change {
        private final Set<RouteSource> gone = Collections.newSetFromMap(new IdentityHashMap<>());
        private final Map<MatchType, Map<String, List<MatchEntry>>> added =
                new EnumMap<>(MatchType.class);

        void remove(RouteSource source) {
            gone.add(source);
            source.rules().stream().flatMap(rule -> rule.matches().stream()).forEach(this::entries);
        }

        void add(Match match, MatchEntry entry) {
            entries(match).add(entry);
        }

        /** Returns the entries that come to the bucket of a match. */
        private List<MatchEntry> entries(Match match) {
            MatchType type = match.path().type();
            String path = match.path().value();
            String key = type == MatchType.PATH_PREFIX ? prefixKey(path) : path;
            return added.computeIfAbsent(type, _ -> new HashMap<>())
                    .computeIfAbsent(key, _ -> new ArrayList<>(1));
        }

        private boolean isEmpty() {
            return added.isEmpty();
        }

        private Map<String, MatchBucket> applied(MatchType type, Map<String, MatchBucket> buckets) {
            Map<String, List<MatchEntry>> touched = added.getOrDefault(type, Map.of());
            if (touched.isEmpty()) {
                return buckets;
            }
            Map<String, MatchBucket> next = new HashMap<>(buckets);
            touched.forEach((key, entries) -> {
                List<MatchEntry> all = new ArrayList<>(entries);
                MatchBucket before = buckets.get(key);
                if (before != null) {
                    before.entries().filter(e -> !gone.contains(e.source())).forEach(all::add);
                }
                if (all.isEmpty()) {
                    next.remove(key);
                } else {
                    next.put(key, new MatchBucket(all));
                }
            });
            return next;
        }
    }
}

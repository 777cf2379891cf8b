package io.weir.routing;

import io.weir.collection.PersistentMap;
import io.weir.resource.HttpRoute.Match;
import io.weir.resource.HttpRoute.MatchType;

import org.jspecify.annotations.Nullable;

import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The matches of one host name by path: exact paths first, then expressions, longer ones first,
 * then prefixes, the longest first. (The specification leaves the place of expressions open; before
 * prefixes they are not shadowed by a rule for every path.)
 */
final class PathIndex {

    static final PathIndex EMPTY =
            new PathIndex(PersistentMap.empty(), List.of(), ElementIndex.ofPathPrefixes(), 0);

    private final PersistentMap<String, MatchBucket> exact;
    private final List<Expression> expressions;
    private final ElementIndex<MatchBucket> prefixes;
    private final int bodyMatches;

    private PathIndex(
            PersistentMap<String, MatchBucket> exact,
            List<Expression> expressions,
            ElementIndex<MatchBucket> prefixes,
            int bodyMatches) {
        this.exact = exact;
        this.expressions = expressions;
        this.prefixes = prefixes;
        this.bodyMatches = bodyMatches;
    }

    /** Returns this index with some matches changed. */
    PathIndex with(Change change) {
        return change.buckets.isEmpty() ? this : new Edit(this).apply(change);
    }

    boolean isEmpty() {
        return exact.isEmpty() && expressions.isEmpty() && prefixes.isEmpty();
    }

    /** Returns a path prefix without its trailing slash. */
    static String prefixKey(String prefix) {
        return prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix;
    }

    boolean dependsOnBody() {
        return bodyMatches > 0;
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
        for (int i = 0; found == null && i < expressions.size(); i++) {
            Expression expression = expressions.get(i);
            if (expression.test.matches(path)) {
                found = expression.bucket.first(head, withBody);
            }
        }
        var prefix = found == null ? prefixes.longest(path) : null;
        for (; found == null && prefix != null; prefix = prefixes.shorter(path, prefix)) {
            found = prefix.value().first(head, withBody);
        }
        return found;
    }

    private record Expression(String text, ValueTest test, MatchBucket bucket) {
        static final Comparator<Expression> LONGEST_FIRST =
                Comparator.comparingInt((Expression e) -> -e.text.length())
                        .thenComparing(Expression::text);
    }

    /** Collects the matches of one host name that go and come. */
    static final class Change {
        private final Map<MatchType, Map<String, MatchBucket.Change>> buckets =
                new EnumMap<>(MatchType.class);

        void remove(Match match, MatchEntry entry) {
            bucket(match).remove(entry);
        }

        void add(Match match, MatchEntry entry) {
            bucket(match).add(entry);
        }

        /** Returns what becomes of the bucket of a match. */
        private MatchBucket.Change bucket(Match match) {
            MatchType type = match.path().type();
            String path = match.path().value();
            String key = type == MatchType.PATH_PREFIX ? prefixKey(path) : path;
            return buckets.computeIfAbsent(type, _ -> new HashMap<>())
                    .computeIfAbsent(key, _ -> new MatchBucket.Change());
        }
    }

    /** An index at work. */
    private static final class Edit {
        private PersistentMap<String, MatchBucket> exact;
        private List<Expression> expressions;
        private ElementIndex<MatchBucket> prefixes;
        private int bodyMatches;

        Edit(PathIndex before) {
            this.exact = before.exact;
            this.expressions = before.expressions;
            this.prefixes = before.prefixes;
            this.bodyMatches = before.bodyMatches;
        }

        PathIndex apply(Change change) {
            change.buckets.forEach((type, buckets) -> {
                switch (type) {
                    case EXACT -> buckets.forEach(this::exact);
                    case PATH_PREFIX -> buckets.forEach(this::prefix);
                    case REGULAR_EXPRESSION -> expressions(buckets);
                }
            });
            return new PathIndex(exact, expressions, prefixes, bodyMatches);
        }

        private void exact(String path, MatchBucket.Change change) {
            MatchBucket now = changed(exact.get(path), change);
            exact = now == null ? exact.without(path) : exact.with(path, now);
        }

        private void prefix(String path, MatchBucket.Change change) {
            prefixes = prefixes.with(path, changed(prefixes.get(path), change));
        }

        /** Expressions are tried one by one, and so may be sorted as well. */
        private void expressions(Map<String, MatchBucket.Change> changes) {
            Map<String, Expression> all = new HashMap<>();
            expressions.forEach(expression -> all.put(expression.text, expression));
            changes.forEach((text, change) -> {
                Expression before = all.remove(text);
                MatchBucket now = changed(before == null ? null : before.bucket, change);
                if (now != null) {
                    ValueTest test =
                            before == null
                                    ? ValueTest.of(MatchType.REGULAR_EXPRESSION, text)
                                    : before.test;
                    all.put(text, new Expression(text, test, now));
                }
            });
            expressions = all.values().stream().sorted(Expression.LONGEST_FIRST).toList();
        }

        /** Returns a changed bucket; null when nothing is left in it. */
        private @Nullable MatchBucket changed(
                @Nullable MatchBucket before, MatchBucket.Change change) {
            MatchBucket base = before == null ? MatchBucket.EMPTY : before;
            MatchBucket now = base.with(change);
            bodyMatches += now.bodyMatches() - base.bodyMatches();
            return now.isEmpty() ? null : now;
        }
    }
}

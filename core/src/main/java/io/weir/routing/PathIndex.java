package io.weir.routing;

import io.weir.resource.HttpRoute.Match;
import io.weir.resource.HttpRoute.MatchType;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The matches of one host name by path: exact paths first, then expressions, longer ones first,
 * then prefixes, the longest first. (The specification leaves the place of expressions open; before
 * prefixes they are not shadowed by a rule for every path.)
 */
final class PathIndex {

    private final Map<String, MatchBucket> exact;
    private final Expression[] expressions;
    private final ElementIndex<MatchBucket> prefixes;
    private final boolean dependsOnBody;

    private PathIndex(Builder builder) {
        this.exact = buckets(builder.exact);
        this.expressions =
                buckets(builder.expressions).entrySet().stream()
                        .map(e -> Expression.of(e.getKey(), e.getValue()))
                        .sorted(Expression.LONGEST_FIRST)
                        .toArray(Expression[]::new);
        this.prefixes = ElementIndex.ofPathPrefixes(buckets(builder.prefixes));
        this.dependsOnBody = builder.dependsOnBody;
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

    private static Map<String, MatchBucket> buckets(Map<String, List<MatchEntry>> entries) {
        Map<String, MatchBucket> buckets = HashMap.newHashMap(entries.size());
        entries.forEach((key, list) -> buckets.put(key, new MatchBucket(list)));
        return buckets;
    }

    private record Expression(String text, ValueTest test, MatchBucket bucket) {
        static final Comparator<Expression> LONGEST_FIRST =
                Comparator.comparingInt((Expression e) -> -e.text.length())
                        .thenComparing(Expression::text);

        static Expression of(String text, MatchBucket bucket) {
            return new Expression(text, ValueTest.of(MatchType.REGULAR_EXPRESSION, text), bucket);
        }
    }

    /** Collects the matches of one host name. */
    static final class Builder {
        private final Map<String, List<MatchEntry>> exact = new HashMap<>();
        private final Map<String, List<MatchEntry>> expressions = new HashMap<>();
        private final Map<String, List<MatchEntry>> prefixes = new HashMap<>();
        private boolean dependsOnBody;

        void add(Match match, MatchEntry entry) {
            String path = match.path().value();
            switch (match.path().type()) {
                case EXACT -> list(exact, path).add(entry);
                case REGULAR_EXPRESSION -> list(expressions, path).add(entry);
                case PATH_PREFIX -> list(prefixes, prefixKey(path)).add(entry);
            }
            dependsOnBody |= entry.dependsOnBody();
        }

        PathIndex build() {
            return new PathIndex(this);
        }

        private static List<MatchEntry> list(Map<String, List<MatchEntry>> map, String key) {
            return map.computeIfAbsent(key, _ -> new ArrayList<>(1));
        }
    }
}

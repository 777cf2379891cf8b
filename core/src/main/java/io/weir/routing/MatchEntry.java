package io.weir.routing;

import io.weir.resource.HttpRoute.Match;
import io.weir.resource.HttpRoute.MatchType;
import io.weir.resource.HttpRoute.ValueMatch;

import org.jspecify.annotations.Nullable;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * One match of one rule, ready to be tested. The path has been settled by the place in the index.
 *
 * <p>Entries sort by precedence among those whose paths are equally specific.
 */
final class MatchEntry implements Comparable<MatchEntry> {

    private static final Comparator<MatchEntry> PRECEDENCE =
            Comparator.comparing((MatchEntry entry) -> entry.method == null)
                    .thenComparingInt(entry -> -entry.headers.length)
                    .thenComparingInt(entry -> -entry.query.length)
                    .thenComparing(entry -> entry.source.createdAt())
                    .thenComparing(entry -> entry.source.route())
                    .thenComparingInt(entry -> entry.result.rule().index())
                    .thenComparingInt(entry -> entry.index);

    private final @Nullable String method;
    private final Condition[] headers;
    private final Condition[] query;
    private final RouteSource source;
    private final int index;
    private final RouteMatch result;
    private final boolean dependsOnBody;

    MatchEntry(RouteSource source, RouteRule rule, Match match, int index, Set<String> bodyNames) {
        this.method = match.method();
        this.headers = headers(match.headers(), bodyNames);
        this.query = distinct(match.queryParams(), UnaryOperator.identity(), Set.of());
        this.source = source;
        this.index = index;
        this.result = new RouteMatch(rule, matchedPrefix(match));
        this.dependsOnBody = List.of(headers).stream().anyMatch(Condition::fromBody);
    }

    /** Throws when an expression of the match is broken. */
    static void check(Match match) {
        ValueTest.of(match.path().type(), match.path().value());
        headers(match.headers(), Set.of());
        distinct(match.queryParams(), UnaryOperator.identity(), Set.of());
    }

    RouteMatch result() {
        return result;
    }

    /** Whether a condition is on a header that is derived from the body. */
    boolean dependsOnBody() {
        return dependsOnBody;
    }

    /**
     * Returns whether the request matches.
     *
     * @param withBody whether headers derived from the body are known; when not, conditions on them
     *     count as met
     */
    boolean matches(RequestHead head, boolean withBody) {
        return method(head) && headers(head, withBody) && query(head);
    }

    /** Headers on which this entry has an exact condition. */
    Stream<ExactHeader> exactHeaders() {
        return Stream.of(headers)
                .filter(condition -> condition.test instanceof ValueTest.Exact)
                .map(condition -> new ExactHeader(condition.name, condition.fromBody));
    }

    /** Returns the value that a header must have exactly, or null when there is no such one. */
    @Nullable String exactValue(ExactHeader header) {
        for (Condition condition : headers) {
            if (condition.name.equals(header.name)
                    && condition.test instanceof ValueTest.Exact(String expected)) {
                return expected;
            }
        }
        return null;
    }

    private boolean method(RequestHead head) {
        return method == null || method.equals(head.method());
    }

    private boolean headers(RequestHead head, boolean withBody) {
        for (Condition condition : headers) {
            if (condition.fromBody && !withBody) {
                continue;
            }
            String value = head.header(condition.name);
            if (value == null || !condition.test.matches(value)) {
                return false;
            }
        }
        return true;
    }

    private boolean query(RequestHead head) {
        for (Condition condition : query) {
            if (!QueryParams.test(head.query(), condition.name, condition.test)) {
                return false;
            }
        }
        return true;
    }

    private static Condition[] headers(List<ValueMatch> matches, Set<String> bodyNames) {
        return distinct(matches, name -> name.toLowerCase(Locale.ROOT), bodyNames);
    }

    /** Of several conditions on one name only the first counts, says the specification. */
    private static Condition[] distinct(
            List<ValueMatch> matches, UnaryOperator<String> canonical, Set<String> bodyNames) {
        Set<String> seen = new HashSet<>();
        return matches.stream()
                .filter(match -> seen.add(canonical.apply(match.name())))
                .map(match -> Condition.of(match, canonical.apply(match.name()), bodyNames))
                .toArray(Condition[]::new);
    }

    private static String matchedPrefix(Match match) {
        if (match.path().type() != MatchType.PATH_PREFIX) {
            return "";
        }
        String key = PathIndex.prefixKey(match.path().value());
        return key.isEmpty() ? "/" : key;
    }

    @Override
    public int compareTo(MatchEntry other) {
        return PRECEDENCE.compare(this, other);
    }

    /**
     * A header with an exact condition.
     *
     * @param name name in lower case
     * @param fromBody whether it is derived from the body
     */
    record ExactHeader(String name, boolean fromBody) {}

    private record Condition(String name, ValueTest test, boolean fromBody) {
        static Condition of(ValueMatch match, String name, Set<String> bodyNames) {
            ValueTest test = ValueTest.of(match.type(), match.value());
            return new Condition(name, test, bodyNames.contains(name));
        }
    }
}

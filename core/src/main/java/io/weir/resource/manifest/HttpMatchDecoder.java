package io.weir.resource.manifest;

import io.weir.resource.HttpRoute.Match;
import io.weir.resource.HttpRoute.MatchType;
import io.weir.resource.HttpRoute.PathMatch;
import io.weir.resource.HttpRoute.ValueMatch;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Reads the matches of an HTTPRoute rule. */
final class HttpMatchDecoder {

    /** What a rule without matches has. */
    static final Match EVERYTHING =
            new Match(new PathMatch(MatchType.PATH_PREFIX, "/"), List.of(), List.of(), null);

    private static final String[] METHODS = {
        "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"
    };
    private static final List<String> FORBIDDEN = List.of("//", "/./", "/../", "%2f", "%2F", "#");
    private static final List<String> FORBIDDEN_ENDS = List.of("/..", "/.");

    private HttpMatchDecoder() {}

    static List<Match> matches(Fields rule) {
        List<Match> matches =
                rule.list("matches", 0, 64).stream().map(HttpMatchDecoder::match).toList();
        return matches.isEmpty() ? List.of(EVERYTHING) : matches;
    }

    private static Match match(Fields match) {
        return new Match(
                path(match.object("path")),
                headers(match),
                values(match, "queryParams", TextRule.QUERY_VALUE),
                method(match));
    }

    static boolean isMethod(String text) {
        return Arrays.asList(METHODS).contains(text);
    }

    private static @Nullable String method(Fields match) {
        return match.word("method", METHODS);
    }

    private static PathMatch path(Fields path) {
        String type = path.choice("type", "PathPrefix", "Exact", "PathPrefix", "RegularExpression");
        String value = path.textOr("value", "/", TextRule.PATH);
        if (!type.equals("RegularExpression")) {
            checkPath(path, type, value);
        }
        return new PathMatch(type(type), value);
    }

    private static void checkPath(Fields path, String type, String value) {
        String shown = Values.quote(value);
        if (!value.startsWith("/")) {
            path.error("value", shown + " (expected: / at the start for type " + type + ")");
            return;
        }
        for (String part : FORBIDDEN) {
            if (value.contains(part)) {
                path.error("value", shown + " (expected: no " + part + " for type " + type + ")");
                return;
            }
        }
        for (String end : FORBIDDEN_ENDS) {
            if (value.endsWith(end)) {
                path.error("value", shown + " (expected: no " + end + " at the end)");
                return;
            }
        }
        if (!Syntax.isPath(value)) {
            path.error(
                    "value",
                    shown + " (expected: letters, digits, -._~!$&'()*+,;=:@/ and %-encoding)");
        }
    }

    private static MatchType type(String type) {
        return switch (type) {
            case "Exact" -> MatchType.EXACT;
            case "RegularExpression" -> MatchType.REGULAR_EXPRESSION;
            default -> MatchType.PATH_PREFIX;
        };
    }

    /** Of header names that differ only in case the first counts, as the specification says. */
    private static List<ValueMatch> headers(Fields match) {
        List<ValueMatch> headers = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (ValueMatch header : values(match, "headers", TextRule.HEADER_VALUE)) {
            if (names.add(header.name().toLowerCase(Locale.ROOT))) {
                headers.add(header);
            } else if (!match.failed()) {
                match.warning("headers", header.name() + " again (the first one counts)");
            }
        }
        return headers;
    }

    private static List<ValueMatch> values(Fields match, String name, TextRule values) {
        List<Fields> written = match.list(name, 0, 16);
        List<ValueMatch> conditions = new ArrayList<>();
        for (Fields value : written) {
            conditions.add(
                    new ValueMatch(
                            type(value.choice("type", "Exact", "Exact", "RegularExpression")),
                            value.text("name", TextRule.HEADER_NAME),
                            value.text("value", values)));
        }
        Unique.check(written, "name", conditions, ValueMatch::name, "each name once");
        return conditions;
    }
}

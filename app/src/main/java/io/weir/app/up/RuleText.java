package io.weir.app.up;

import io.weir.resource.HttpRoute;
import io.weir.resource.HttpRoute.BackendRef;
import io.weir.resource.HttpRoute.Match;
import io.weir.resource.HttpRoute.MatchType;
import io.weir.resource.HttpRoute.ValueMatch;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A routing rule in one line, for instance {@code / with X-Model: a -> pool-a 90, pool-b 10}. */
final class RuleText {

    private RuleText() {}

    static String of(HttpRoute.Rule rule) {
        String matches =
                rule.matches().stream().map(RuleText::match).collect(Collectors.joining(" or "));
        return matches + " -> " + backends(rule.backendRefs());
    }

    private static String match(Match match) {
        StringBuilder text = new StringBuilder();
        if (match.method() != null) {
            text.append(match.method()).append(' ');
        }
        text.append(match.path().value());
        if (match.path().type() == MatchType.EXACT) {
            text.append(" exactly");
        } else if (match.path().type() == MatchType.REGULAR_EXPRESSION) {
            text.append(" (expression)");
        }
        List<String> conditions = new ArrayList<>();
        match.headers().forEach(header -> conditions.add(condition(header, ": ")));
        match.queryParams().forEach(param -> conditions.add(condition(param, "=")));
        if (!conditions.isEmpty()) {
            text.append(" with ").append(String.join(", ", conditions));
        }
        return text.toString();
    }

    private static String condition(ValueMatch match, String between) {
        return match.name() + between + match.value();
    }

    private static String backends(List<BackendRef> refs) {
        if (refs.isEmpty()) {
            return "no backend";
        }
        return refs.stream()
                .map(ref -> refs.size() == 1 ? ref.name() : ref.name() + " " + ref.weight())
                .collect(Collectors.joining(", "));
    }
}

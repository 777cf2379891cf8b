package io.weir.routing;

import com.google.re2j.PatternSyntaxException;

import io.weir.resource.HttpRoute.Match;
import io.weir.resource.ObjectName;

import java.time.Instant;
import java.util.List;

/**
 * A route as it goes into a {@link RouteTable}: its rules, compiled, with their matches.
 *
 * @param route name of the route
 * @param createdAt when the route was created; the older route wins a tie
 * @param hostnames exact or {@code *.}-wildcard host names in lower case; empty for every host
 * @param rules rules in order
 */
public record RouteSource(
        ObjectName route, Instant createdAt, List<String> hostnames, List<Rule> rules) {

    public RouteSource {
        hostnames = List.copyOf(hostnames);
        rules = List.copyOf(rules);
    }

    /**
     * A rule and when it applies.
     *
     * @param rule the rule
     * @param matches alternatives
     */
    public record Rule(RouteRule rule, List<Match> matches) {
        public Rule {
            matches = List.copyOf(matches);
        }
    }

    /**
     * Returns what is wrong with the expressions of a match, or an empty string. A table refuses
     * matches with broken expressions, so they are checked here first.
     */
    public static String expressionError(Match match) {
        try {
            MatchEntry.check(match);
            return "";
        } catch (PatternSyntaxException e) {
            return e.getDescription() + ": " + e.getPattern();
        }
    }
}

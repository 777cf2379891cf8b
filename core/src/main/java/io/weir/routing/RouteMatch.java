package io.weir.routing;

/**
 * A rule and how it was matched.
 *
 * @param rule the rule
 * @param matchedPrefix the path prefix that matched, for prefix replacement; empty when the rule
 *     matched otherwise
 */
public record RouteMatch(RouteRule rule, String matchedPrefix) {}

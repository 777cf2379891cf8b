package io.weir.config;

import io.weir.config.GatewayPlan.Refusal;
import io.weir.resource.HttpRoute;
import io.weir.resource.HttpRoute.MatchType;
import io.weir.resource.ObjectKey;
import io.weir.routing.Backend;
import io.weir.routing.RouteBackend;
import io.weir.routing.RouteRule;
import io.weir.routing.RouteSource;
import io.weir.routing.RoutingHeaders;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A route with its references resolved, the same for every listener.
 *
 * @param route the route
 * @param rules rules that some request can match, with the timeouts that the route itself gives
 * @param invalid what is wrong with parts that are left out, with their fields
 * @param invalidRules indexes of rules with something invalid in them
 * @param unresolved references that don't resolve
 * @param pools pools that it may and does refer to, also those that can't be used
 * @param splits its weighted choices
 */
record CompiledRoute(
        HttpRoute route,
        List<RouteSource.Rule> rules,
        List<String> invalid,
        Set<Integer> invalidRules,
        List<Refusal> unresolved,
        Set<ObjectKey> pools,
        Splits splits) {

    CompiledRoute {
        rules = List.copyOf(rules);
        invalid = List.copyOf(invalid);
        invalidRules = Set.copyOf(invalidRules);
        unresolved = List.copyOf(unresolved);
        pools = Set.copyOf(pools);
    }

    /** Whether some rule is as it was written. */
    boolean isUsable() {
        return invalidRules.isEmpty() || invalidRules.size() < route.rules().size();
    }

    /** Returns the models and base models that matches name. */
    Stream<String> models() {
        return rules.stream()
                .flatMap(rule -> rule.matches().stream())
                .flatMap(match -> match.headers().stream())
                .filter(header -> header.type() == MatchType.EXACT)
                .filter(header ->
                        header.name().equalsIgnoreCase(RoutingHeaders.MODEL)
                                || header.name().equalsIgnoreCase(RoutingHeaders.BASE_MODEL))
                .map(HttpRoute.ValueMatch::value);
    }

    /** Returns every backend that some rule can choose or mirror to. */
    Stream<Backend> backends() {
        return rules.stream()
                .map(RouteSource.Rule::rule)
                .flatMap(rule ->
                        Stream.concat(
                                rule.backends().items().stream().map(RouteBackend::backend),
                                rule.mirrors().stream().map(RouteRule.Mirror::backend)));
    }
}

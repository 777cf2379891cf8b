package io.weir.config;

import io.weir.config.BackendResolver.Resolved;
import io.weir.config.GatewayPlan.Refusal;
import io.weir.resource.HttpRoute;
import io.weir.resource.HttpRoute.BackendRef;
import io.weir.resource.HttpRoute.Filter;
import io.weir.resource.HttpRoute.Match;
import io.weir.resource.ObjectKey;
import io.weir.routing.Backend;
import io.weir.routing.RouteBackend;
import io.weir.routing.RouteRule;
import io.weir.routing.RouteSource;
import io.weir.split.WeightedChoice;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Compiles the rules of routes. Timeouts are those that the rules themselves give; policies are
 * applied per listener, later.
 */
final class RouteCompiler {

    private final BackendResolver backends;
    private final ProblemLog problems;

    RouteCompiler(BackendResolver backends, ProblemLog problems) {
        this.backends = backends;
        this.problems = problems;
    }

    /**
     * Compiles a route.
     *
     * @param before the weighted choices of the route in the compilation before
     */
    CompiledRoute compile(HttpRoute route, Splits before) {
        Compiling compiling = new Compiling(route, before);
        for (int i = 0; i < route.rules().size(); i++) {
            compiling.add(i, route.rules().get(i));
        }
        return new CompiledRoute(
                route,
                compiling.rules,
                compiling.invalid,
                compiling.invalidRules,
                compiling.unresolved,
                compiling.pools,
                compiling.splits);
    }

    private static @Nullable String unsupported(List<Filter> filters) {
        for (Filter filter : filters) {
            if (filter instanceof Filter.Unsupported(String type)) {
                return "filter " + type + " is not supported";
            }
        }
        return null;
    }

    /** One route at work. */
    private final class Compiling {
        private final HttpRoute route;
        private final List<RouteSource.Rule> rules = new ArrayList<>();
        private final List<String> invalid = new ArrayList<>();
        private final Set<Integer> invalidRules = new HashSet<>();
        private final List<Refusal> unresolved = new ArrayList<>();
        private final Set<ObjectKey> pools = new HashSet<>();
        private final Splits before;
        private final Splits splits = new Splits();

        Compiling(HttpRoute route, Splits before) {
            this.route = route;
            this.before = before;
        }

        void add(int index, HttpRoute.Rule rule) {
            String field = "spec.rules[" + index + "]";
            int faults = invalid.size();
            List<Match> matches = usable(rule.matches(), field);
            RouteRule compiled = compiled(index, rule, field);
            if (!matches.isEmpty()) {
                rules.add(new RouteSource.Rule(compiled, matches));
            }
            if (invalid.size() > faults) {
                invalidRules.add(index);
            }
        }

        private List<Match> usable(List<Match> matches, String field) {
            List<Match> usable = new ArrayList<>();
            for (int i = 0; i < matches.size(); i++) {
                String error = RouteSource.expressionError(matches.get(i));
                if (error.isEmpty()) {
                    usable.add(matches.get(i));
                } else {
                    String message = error + " (expected: an RE2 expression)";
                    invalid(field + ".matches[" + i + "]", message);
                    problems.error(route, field + ".matches[" + i + "]", message);
                }
            }
            return usable;
        }

        private RouteRule compiled(int index, HttpRoute.Rule rule, String field) {
            Duration request = rule.timeouts().request();
            Duration backendRequest = rule.timeouts().backendRequest();
            return new RouteRule(
                    route.metadata().objectName(),
                    index,
                    rule.filters().stream().filter(RouteCompiler::isKept).toList(),
                    mirrors(rule.filters(), field),
                    choice(index, rule, field),
                    request == null ? Duration.ZERO : request,
                    backendRequest == null ? Duration.ZERO : backendRequest,
                    Defaults.retry(rule.retry()));
        }

        /** A rule whose filters can't all be applied must fail rather than skip one. */
        private WeightedChoice<RouteBackend> choice(int index, HttpRoute.Rule rule, String field) {
            String unsupported = unsupported(rule.filters());
            if (unsupported != null) {
                invalid(field + ".filters", unsupported);
                Backend failing = new Backend.Unresolved(unsupported);
                return WeightedChoice.equal(List.of(new RouteBackend(failing, List.of())));
            }
            List<RouteBackend> resolved = new ArrayList<>();
            for (int i = 0; i < rule.backendRefs().size(); i++) {
                resolved.add(backend(rule.backendRefs().get(i), field + ".backendRefs[" + i + "]"));
            }
            int[] weights = rule.backendRefs().stream().mapToInt(BackendRef::weight).toArray();
            return splits.choice(before, route.key(), "rule " + index, resolved, weights);
        }

        private RouteBackend backend(BackendRef ref, String field) {
            Backend backend = resolve(ref, field);
            String unsupported = unsupported(ref.filters());
            if (unsupported != null) {
                invalid(field + ".filters", unsupported);
                backend = new Backend.Unresolved(unsupported);
            }
            return new RouteBackend(backend, ref.filters());
        }

        private List<RouteRule.Mirror> mirrors(List<Filter> filters, String field) {
            List<RouteRule.Mirror> mirrors = new ArrayList<>();
            for (int i = 0; i < filters.size(); i++) {
                if (filters.get(i)
                        instanceof Filter.RequestMirror(BackendRef ref, int share, int whole)) {
                    String at = field + ".filters[" + i + "].requestMirror.backendRef";
                    Backend backend = resolve(ref, at);
                    if (!(backend instanceof Backend.Unresolved)) {
                        mirrors.add(new RouteRule.Mirror(backend, share, whole));
                    }
                }
            }
            return mirrors;
        }

        private Backend resolve(BackendRef ref, String field) {
            Resolved resolved = backends.resolve(route, field, ref);
            if (resolved.pool() != null) {
                pools.add(resolved.pool());
            }
            if (resolved.refusal() != null) {
                unresolved.add(resolved.refusal());
                problems.error(route, field, resolved.refusal().message());
            }
            return resolved.backend();
        }

        /** Of unsupported filters the decoder has already warned. */
        private void invalid(String field, String message) {
            invalid.add(field + ": " + message);
        }
    }

    private static boolean isKept(Filter filter) {
        return !(filter instanceof Filter.RequestMirror || filter instanceof Filter.Unsupported);
    }
}

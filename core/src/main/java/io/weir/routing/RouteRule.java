package io.weir.routing;

import io.weir.resource.HttpRoute.Filter;
import io.weir.resource.ObjectName;
import io.weir.split.WeightedChoice;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;

/**
 * One rule of an HTTPRoute with its references resolved.
 *
 * @param route name of the HTTPRoute
 * @param index index of the rule in the route
 * @param filters header modifiers, redirect and rewrite in order; mirrors are separate
 * @param mirrors where copies go
 * @param backends weighted backends
 * @param requestTimeout for the whole request; zero means none
 * @param backendRequestTimeout for one attempt; zero means none
 * @param retry retry policy
 */
public record RouteRule(
        ObjectName route,
        int index,
        List<Filter> filters,
        List<Mirror> mirrors,
        WeightedChoice<RouteBackend> backends,
        Duration requestTimeout,
        Duration backendRequestTimeout,
        RetryPolicy retry) {

    public RouteRule {
        filters = List.copyOf(filters);
        mirrors = List.copyOf(mirrors);
    }

    /** Returns a short name for logs and metrics, for instance {@code default/llm-route/0}. */
    public String id() {
        return route + "/" + index;
    }

    /** Returns the same rule with another time for the whole request; zero means none. */
    public RouteRule withRequestTimeout(Duration timeout) {
        return timeout.equals(requestTimeout)
                ? this
                : new RouteRule(
                        route,
                        index,
                        filters,
                        mirrors,
                        backends,
                        timeout,
                        backendRequestTimeout,
                        retry);
    }

    /** Returns the redirect of this rule, which answers in place of a backend. */
    public Filter.@Nullable RequestRedirect redirect() {
        for (Filter filter : filters) {
            if (filter instanceof Filter.RequestRedirect redirect) {
                return redirect;
            }
        }
        return null;
    }

    /**
     * Where a copy of the request goes.
     *
     * @param backend the backend
     * @param numerator share of requests: numerator / denominator
     * @param denominator share of requests: numerator / denominator
     */
    public record Mirror(Backend backend, int numerator, int denominator) {}
}

package io.weir.routing;

import io.weir.resource.HttpRoute.Filter;

import java.util.List;

/**
 * A backend of a rule.
 *
 * @param backend where requests go
 * @param filters filters for requests to this backend only
 */
public record RouteBackend(Backend backend, List<Filter> filters) {

    public RouteBackend {
        filters = List.copyOf(filters);
    }
}

package io.weir.routing;

import org.jspecify.annotations.Nullable;

/** The rules of one listener in order of precedence. */
public interface RouteTable {

    /**
     * Returns the rule for a request.
     *
     * @param head the request's head, with body-derived headers where they are known
     * @return the match, or null when no rule matches
     */
    @Nullable RouteMatch match(RequestHead head);

    /**
     * Returns whether some rule that could match this request depends on a header that is derived
     * from the body, so that the body must be read before routing.
     */
    boolean dependsOnBody(RequestHead head);
}

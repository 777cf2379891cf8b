/**
 * From request head to rule, and from rule to backend.
 *
 * <p>A {@link io.weir.routing.RouteTable} is built once per listener when the configuration is
 * compiled; matching is a pure function over it. Filters are data that the proxy applies.
 *
 * <p>Everything here is immutable, apart from the counters of the weighted choices, and is used by
 * all event loops at once.
 */
@NullMarked
package io.weir.routing;

import org.jspecify.annotations.NullMarked;

/**
 * The parts of HTTP that both sides of the proxy need: which headers end here, whose names must not
 * be believed, how messages look on the wire.
 *
 * <p>Nothing here keeps state beyond a call, apart from {@link io.weir.proxy.http.RequestIds},
 * which belongs to one event loop.
 */
@NullMarked
package io.weir.proxy.http;

import org.jspecify.annotations.NullMarked;

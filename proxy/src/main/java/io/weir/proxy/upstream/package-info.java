/**
 * Connections to servers.
 *
 * <p>Each event loop has its own {@link io.weir.proxy.upstream.UpstreamPools}, so that a request
 * and its upstream connection share a thread and no pool needs a lock. The price is that a server
 * sees up to one set of kept connections for each loop.
 *
 * <p>Who needs a connection is an {@link io.weir.proxy.upstream.UpstreamUser}; it gets exactly one
 * of {@code connected} and {@code connectFailed}, and after {@code connected} either one {@code
 * responseEnd} or one {@code failed}, unless it closes the connection itself.
 */
@NullMarked
package io.weir.proxy.upstream;

import org.jspecify.annotations.NullMarked;

/**
 * Listening ports and the connections of clients.
 *
 * <p>A {@link io.weir.proxy.server.ServerPort} is one bound address; what it serves is a volatile
 * reference into the current snapshot, read once per request. Each protocol has a handler that
 * turns its messages into calls of an {@link io.weir.proxy.exchange.Exchange} and is its {@link
 * io.weir.proxy.exchange.ClientStream}; here that is {@code Http1Connection}. TLS is a handler in
 * front of it, HTTP/2 another one beside it, chosen where the pipeline is made.
 */
@NullMarked
package io.weir.proxy.server;

import org.jspecify.annotations.NullMarked;

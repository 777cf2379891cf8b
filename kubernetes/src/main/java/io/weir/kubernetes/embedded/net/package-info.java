/**
 * HTTP/1.1 over TLS, as much of it as an API server needs: keep-alive, bodies of known and unknown
 * length, and WebSockets for watches.
 *
 * <pre>
 * HttpListener ─accept→ Connection ─one after the other→ HttpExchange ─→ handler
 *                                                          └─upgrade→ WebSocketStream
 * </pre>
 *
 * <p>Each connection has a virtual thread, which reads a request, hands it to the handler and waits
 * until it is answered. An {@code HttpExchange} belongs to that thread. While a long answer is
 * written, a second virtual thread reads from the connection, to notice at once when the client is
 * gone.
 */
@NullMarked
package io.weir.kubernetes.embedded.net;

import org.jspecify.annotations.NullMarked;

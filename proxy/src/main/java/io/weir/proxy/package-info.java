/**
 * The data plane: bytes in, bytes out.
 *
 * <p>{@link io.weir.proxy.DataPlane} binds the ports of a snapshot and serves requests on a few
 * event loops. A request lives on one event loop from its first byte to its last: the client's
 * connection, the upstream connection, timers and counters all belong to that loop, so nothing on
 * the request path takes a lock. What event loops share is immutable (snapshots) or made for
 * sharing (pickers, weighted choices).
 *
 * <pre>
 * client ─ {@link io.weir.proxy.server} ─ {@link io.weir.proxy.exchange} ─ {@link io.weir.proxy.upstream} ─ model server
 *            protocol, limits       what to do               connections
 * </pre>
 *
 * <p>{@link io.weir.proxy.http} has the parts of HTTP that both sides need, {@link
 * io.weir.proxy.loop} event loops and timers. Packages depend on each other from left to right
 * only.
 */
@NullMarked
package io.weir.proxy;

import org.jspecify.annotations.NullMarked;

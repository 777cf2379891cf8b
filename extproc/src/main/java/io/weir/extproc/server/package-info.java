/**
 * The gRPC server that both ext_proc roles run in: TLS, health, limits and an orderly end.
 *
 * <p>Streams are served on Netty's event loops, without a hand-over: the services of {@code picker}
 * and {@code router} never block. Health has a port of its own, so that probes are answered however
 * busy the other one is.
 */
@NullMarked
package io.weir.extproc.server;

import org.jspecify.annotations.NullMarked;

/**
 * The body-based router: sets headers from the request's body, so that routes can match the model.
 *
 * <p>One gRPC stream is one HTTP request. The request body is read in passing and sent back byte
 * for byte; the headers are answered when the whole body is known to be valid, with {@code
 * X-Gateway-Model-Name} and {@code X-Gateway-Base-Model-Name} set, or removed when a client forged
 * them. Responses are never held, every piece is answered at once; only where a {@link
 * io.weir.extproc.plugin.ResponsePlugin} reads them, JSON waits for its end.
 *
 * <p>A stream is served by the gRPC thread that delivers its messages; nothing blocks.
 */
@NullMarked
package io.weir.extproc.router;

import org.jspecify.annotations.NullMarked;

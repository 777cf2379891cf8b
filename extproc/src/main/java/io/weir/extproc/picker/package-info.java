/**
 * The endpoint picker over ext_proc: tells a proxy which model server takes a request.
 *
 * <p>One gRPC stream is one HTTP request. The request phase reads the body in passing, settles the
 * model, and asks the pool's picker for an ordered list of endpoints; the response phase counts
 * what comes back and settles the reservation. Replies leave in the order headers, body, trailers.
 * JSON and the gRPC messages of vLLM's engine are read; everything else is picked by load.
 *
 * <p>A stream is served by the gRPC thread that delivers its messages; nothing blocks, and nothing
 * is held longer than the request needs: the body until the pick, the response not at all.
 */
@NullMarked
package io.weir.extproc.picker;

import org.jspecify.annotations.NullMarked;

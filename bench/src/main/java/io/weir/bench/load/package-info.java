/**
 * The load generator.
 *
 * <p>One event loop drives all connections. In closed loop each connection sends its next request
 * when the answer is complete; in open loop requests are due at fixed times whatever the answers
 * do, and latency is counted from when a request was due, so that a stalled server can't hide its
 * queue (coordinated omission).
 */
@NullMarked
package io.weir.bench.load;

import org.jspecify.annotations.NullMarked;

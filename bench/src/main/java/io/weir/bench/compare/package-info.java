/**
 * Weir beside HAProxy over the same simulated servers, in one run.
 *
 * <p>Both proxies run as processes of their own, pinned to one core; the load generator and the
 * simulated servers share the other. Rounds alternate, and what counts is the CPU time that the
 * operating system charged to each process, per request or per relayed chunk.
 */
@NullMarked
package io.weir.bench.compare;

import org.jspecify.annotations.NullMarked;

/**
 * A model server's timing, without a model server.
 *
 * <p>{@link io.weir.simulator.engine.Engine} follows the scheduling loop of vLLM V1: one step at a
 * time, running decodes first, then prefill chunks up to a token budget, all sequences of a step
 * sharing its duration. A step takes
 *
 * <pre>
 *   a + b * sequences + c * context tokens of decodes + d * uncached prefill tokens
 * </pre>
 *
 * with constants fitted to published measurements. The KV cache is kept in blocks with prefix reuse
 * by chained hashes; when it is full the newest sequence is preempted and recomputed.
 *
 * <p>The engine is passive: it owns no thread and no clock. Whoever drives it asks when the current
 * step ends, waits until then in real or virtual time, and completes the step. All calls to one
 * engine come from one thread at a time.
 */
@NullMarked
package io.weir.simulator.engine;

import org.jspecify.annotations.NullMarked;

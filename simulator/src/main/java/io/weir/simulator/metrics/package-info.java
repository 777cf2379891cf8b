/**
 * Counters under the names that vLLM gives them, written as Prometheus text.
 *
 * <p>They belong to the event loop of their server: no atomics, no registry.
 */
@NullMarked
package io.weir.simulator.metrics;

import org.jspecify.annotations.NullMarked;

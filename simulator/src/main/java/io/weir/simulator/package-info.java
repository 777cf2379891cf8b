/**
 * A vLLM-compatible model server without a GPU.
 *
 * <p>{@link io.weir.simulator.SimulatorServer} speaks the HTTP of vLLM and of the llm-d inference
 * simulator: completions, models with LoRA adapters, embeddings, tokenizing, Prometheus metrics and
 * error bodies. Every request runs on a virtual thread; the timing comes from an {@link
 * io.weir.simulator.engine.Engine} that one further virtual thread drives in real time. With the
 * {@code instant} profile there is no engine and answers are complete at once.
 *
 * <p>Faults (refused connections, errors, cut streams, slowness) can be set at start and changed
 * while the server runs, so that a gateway's answer to them can be tried.
 */
@NullMarked
package io.weir.simulator;

import org.jspecify.annotations.NullMarked;

/**
 * A model server without a model: vLLM's wire format and metrics, the latencies of a GPU, no GPU.
 *
 * <p>{@link io.weir.simulator.SimulatorArguments} turns the command line of llm-d-inference-sim,
 * vLLM or SGLang into a {@link io.weir.simulator.SimulatorConfig}; a {@link
 * io.weir.simulator.SimulatorHost} starts any number of {@link io.weir.simulator.SimulatorServer}s,
 * one {@code ModelServer} for each port.
 *
 * <p>A port, its connections, its engine and its counters belong to one event loop and are touched
 * by no other thread, so there are no locks, and an idle server is a socket and a few objects.
 * Ports are spread over the host's loops. Only the reading of long bodies leaves the loop, for a
 * virtual thread.
 *
 * <pre>{@code
 * connection → ModelServer → RequestReader → Generation → EngineDriver → Engine
 *     ↑                                          │ ↑                        │
 *     └──────────── WireFormat ──────────────────┘ └──────── tokens ────────┘
 * }</pre>
 */
@NullMarked
package io.weir.simulator;

import org.jspecify.annotations.NullMarked;

/**
 * How long the work of a model server takes, and why.
 *
 * <p>An {@link io.weir.simulator.engine.Engine} takes sequences, and tells their listeners when
 * tokens come out. It has no thread and no clock. A server drives it in real time from its event
 * loop; an experiment drives many of them from one queue of events in virtual time, with the same
 * outcome for the same seed.
 *
 * <p>Two kinds: {@link io.weir.simulator.engine.StepLatency} models the scheduling loop of vLLM
 * (batches, chunked prefill, KV blocks, preemption), where sequences slow one another down as they
 * do on a GPU; {@link io.weir.simulator.engine.PacedLatency} gives every sequence its own pace, as
 * llm-d-inference-sim does. Both keep a KV cache with prefix reuse and slots for LoRA adapters.
 * {@link io.weir.simulator.engine.EngineProfile} has constants fitted to real servers.
 */
@NullMarked
package io.weir.simulator.engine;

import org.jspecify.annotations.NullMarked;

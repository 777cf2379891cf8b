/**
 * JSON in and out: request bodies of the OpenAI and Anthropic APIs to {@link
 * io.weir.simulator.wire.GenerationRequest}, and a {@link io.weir.simulator.wire.Completion} to
 * bodies and server-sent events, in the form that vLLM gives them.
 *
 * <p>Answers are written straight into network buffers. What is the same in every frame of a stream
 * is rendered once per stream.
 */
@NullMarked
package io.weir.simulator.wire;

import org.jspecify.annotations.NullMarked;

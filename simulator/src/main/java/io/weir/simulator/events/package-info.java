/**
 * Publishes what happens in a server's KV cache, as vLLM does: over ZeroMQ, in MessagePack.
 *
 * <p>A message has three frames: the topic, its number (8 bytes, big-endian), and a batch {@code
 * [time, [events], rank]}. A {@link io.weir.simulator.events.KvEventLog} writes events down on the
 * event loop of their engine, and hands over what came together in one turn of the loop; a {@link
 * io.weir.simulator.events.KvEventPublisher} has a thread that owns the sockets, numbers the
 * batches, and keeps the last ones for subscribers that missed some.
 *
 * <p>Replay: a subscriber sends an empty frame and the number it wants to begin with, and gets all
 * batches from there on that are kept, each as an empty frame, its number and the batch; the last
 * one has the number -1 and is empty.
 */
@NullMarked
package io.weir.simulator.events;

import org.jspecify.annotations.NullMarked;

/**
 * What servers publish about their KV caches: which blocks came, which went, and that all are gone.
 *
 * <p>vLLM publishes over ZeroMQ. A {@link io.weir.picker.events.KvEventFeed} subscribes to each
 * endpoint whose pool asks for it, on one thread; {@link io.weir.picker.events.KvEventReader} reads
 * the messages, and {@link io.weir.picker.events.CacheTurnover} moves the endpoint's prefix index
 * along. Prompts are not tokenised here, so events don't say which text a block holds: what was
 * sent where is known anyway, and events say how long it lasts.
 */
@NullMarked
package io.weir.picker.events;

import org.jspecify.annotations.NullMarked;

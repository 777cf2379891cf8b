/**
 * What servers publish about their KV caches: which blocks came, which went, and that all are gone.
 *
 * <p>vLLM publishes over ZeroMQ. A {@link io.weir.picker.events.KvEventFeed} has a {@code
 * Subscription} to each endpoint whose pool asks for it, all on one thread. {@code EventOrder}
 * notices when messages are missing and asks for them again where the server keeps them; {@code
 * KvEventReader} reads them. They tell two indexes of the endpoint what to do: that of blocks of
 * tokens, which holds what the server holds ({@link io.weir.picker.prefix.BlockIndex}), and that of
 * texts, which holds what was sent and ages by what the server stores ({@code CacheTurnover}).
 */
@NullMarked
package io.weir.picker.events;

import org.jspecify.annotations.NullMarked;

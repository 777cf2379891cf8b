/**
 * The server's side of HTTP/1.1, as cheap as it gets.
 *
 * <p>A {@link io.weir.simulator.http.HttpConnection} collects one request after the other, hands it
 * to a {@link io.weir.simulator.http.Endpoint} and writes whatever that puts into the {@link
 * io.weir.simulator.http.Exchange}: one buffer for a short answer, one buffer per batch of frames
 * for a stream. Everything runs on the event loop of the connection, which is also that of the
 * server's engine, so that nothing here takes a lock.
 */
@NullMarked
package io.weir.simulator.http;

import org.jspecify.annotations.NullMarked;

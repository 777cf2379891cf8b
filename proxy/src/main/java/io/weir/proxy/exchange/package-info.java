/**
 * What happens to a request between its client and a server.
 *
 * <p>An {@link io.weir.proxy.exchange.Exchange} is the state machine of one request: one object in
 * four classes by the phases of its life, {@code ExchangeRouting}, {@code ExchangeServing} and
 * {@code ExchangeEnding} below it. It decides nothing itself: {@code IncomingRequest} checks the
 * head, {@code Routing} finds the backend, {@code Target} the endpoints, {@code Attempts} says what
 * follows a failure, and {@code Attempt} and {@code ResponseRelay} move the bytes. The client's
 * side is a {@link io.weir.proxy.exchange.ClientStream}, so that protocols differ outside this
 * package only.
 *
 * <p>Everything of an exchange runs on one event loop; exchanges of a loop share its {@link
 * io.weir.proxy.exchange.Worker}.
 */
@NullMarked
package io.weir.proxy.exchange;

import org.jspecify.annotations.NullMarked;

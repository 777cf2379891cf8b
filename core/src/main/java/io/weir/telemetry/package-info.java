/**
 * What an operator can see: the one list of metric names, the record of each request, and the trace
 * that it may be part of.
 *
 * <p>The proxy fills an {@link io.weir.telemetry.ExchangeRecord} while it serves a request and
 * hands it to one {@link io.weir.telemetry.ExchangeObserver} at the end. Observers run on the event
 * loop and must not block.
 */
@NullMarked
package io.weir.telemetry;

import org.jspecify.annotations.NullMarked;

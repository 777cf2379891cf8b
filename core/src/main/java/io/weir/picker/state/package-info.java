/**
 * What is known of each endpoint: work in flight, scraped values, models and health.
 *
 * <p>An {@link io.weir.picker.state.EndpointState} lives as long as its endpoint is in a pool, and
 * on until the last request sent to it is settled. Counters of work in flight are atomics written
 * by event loops; everything scraped is an immutable value published through one volatile field by
 * the endpoint's scraping thread, so that a reader never sees half of a scrape.
 *
 * <p>A pick looks at every endpoint, so what it reads of each lies in two places, most of the time
 * in two or three cache lines: counters, the reference to the last scrape and the pace at the begin
 * of the {@link io.weir.picker.state.EndpointState}, and in the {@link
 * io.weir.picker.state.Scraped} its first fields, worked out when it was made. Everything else of
 * an endpoint is behind them, and read only of those that are about to be chosen.
 */
@NullMarked
package io.weir.picker.state;

import org.jspecify.annotations.NullMarked;

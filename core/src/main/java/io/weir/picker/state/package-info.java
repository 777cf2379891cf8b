/**
 * What is known of each endpoint: work in flight, scraped values, models and health.
 *
 * <p>An {@link io.weir.picker.state.EndpointState} lives as long as its endpoint is in a pool, and
 * on until the last request sent to it is settled. Counters of work in flight are atomics written
 * by event loops; everything scraped is an immutable value published through one volatile field by
 * the endpoint's scraping thread, so that a reader never sees half of a scrape.
 */
@NullMarked
package io.weir.picker.state;

import org.jspecify.annotations.NullMarked;

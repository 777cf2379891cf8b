/**
 * Chooses the endpoint that will answer a request best.
 *
 * <p>A {@link io.weir.picker.PoolPicker} belongs to one pool and outlives changes of the
 * configuration, so that in-flight counts, scraped metrics and the prefix index are kept. A pick
 * runs on the caller's thread (an event loop), takes no lock and does not block: candidates are
 * scored over arrays, the best one's in-flight count is raised at once, and the result is an
 * ordered list of endpoints behind a {@link io.weir.picker.Reservation} which the caller settles.
 *
 * <p>Scraping runs on virtual threads and publishes into volatile fields of each endpoint's state.
 */
@NullMarked
package io.weir.picker;

import org.jspecify.annotations.NullMarked;

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
 *
 * <p>This package is what others see. Behind it, each using only those named before it: {@code
 * prefix} guesses what servers have in their caches, {@code state} holds what is known of each
 * endpoint, {@code plugin} says what filters, scorers and pickers are given, {@code builtin} are
 * those that come with Weir, {@code setup} reads configurations, {@code pool} picks, and {@code
 * scrape} asks the servers.
 */
@NullMarked
package io.weir.picker;

import org.jspecify.annotations.NullMarked;

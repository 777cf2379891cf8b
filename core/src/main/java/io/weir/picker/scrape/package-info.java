/**
 * Asks model servers for their metrics and models.
 *
 * <p>One thread asks the servers of all pools: it sleeps in a selector until a server is due or has
 * answered, and does the little that is to do. Every endpoint is asked each 50 ms while its server
 * has requests, more and more rarely, down to once a second, while it has none, and hardly ever
 * when it cannot be reached. A thread for each endpoint, even a virtual one, was measured at more
 * than four times the CPU per scrape: parking, polling and waking cost more than the work.
 *
 * <p>Metric pages are parsed from bytes as they arrive and are never held as a whole; only the few
 * families that picking needs are looked at. The HTTP client knows GET, lengths and chunks, limits
 * everything in size and time, and nothing else: {@code java.net.http} would have the JVM load
 * 1,300 more classes at start.
 *
 * <p>Everything but {@link io.weir.picker.scrape.Scraper} is owned by that one thread.
 */
@NullMarked
package io.weir.picker.scrape;

import org.jspecify.annotations.NullMarked;

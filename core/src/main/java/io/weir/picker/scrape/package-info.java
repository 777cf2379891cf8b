/**
 * Asks model servers for their metrics and models.
 *
 * <p>Every endpoint has a virtual thread of its own that asks, publishes and sleeps: 50 ms while
 * the server has requests, longer and longer up to a second while it has none. It holds one
 * keep-alive connection. A server that cannot be reached is asked ever more rarely.
 *
 * <p>Metric pages are parsed from bytes as they arrive and are never held as a whole; only the few
 * families that picking needs are looked at. The HTTP client knows GET, lengths and chunks, limits
 * everything in size and time, and nothing else: {@code java.net.http} would have the JVM load
 * 1,300 more classes at start.
 */
@NullMarked
package io.weir.picker.scrape;

import org.jspecify.annotations.NullMarked;

/**
 * Event loops and their timers.
 *
 * <p>A {@link io.weir.proxy.loop.TimerWheel} belongs to one event loop and is used on it alone.
 */
@NullMarked
package io.weir.proxy.loop;

import org.jspecify.annotations.NullMarked;

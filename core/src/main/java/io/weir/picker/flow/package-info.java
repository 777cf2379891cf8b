/**
 * Flow control: requests that wait at the gateway while a pool is saturated.
 *
 * <p>{@link io.weir.picker.flow.FlowControl} keeps the line of one pool: priority bands, in each of
 * them the flows of those who ask, and in each flow the requests in order. A request that finds the
 * pool open and nobody waiting never comes here. Others are let go one by one while the pool's
 * saturation stays under their band's ceiling; requests that were let go and are not placed yet
 * count as load.
 *
 * <p>There is no thread. Whoever brings news (a request that comes or gives up, an answer that is
 * done, a scrape, a change of endpoints, the alarm for the time that requests may wait) tries to
 * become the one who works the line. If somebody else is at it, that one goes round once more. So
 * the line's structures have a single writer at any time, nobody waits for a lock, and an idle pool
 * costs nothing.
 *
 * <p>Where the rules allow it, running requests of negative priority are broken off for more
 * important ones that the pool is too full for: {@link io.weir.picker.flow.Lease} is what a request
 * holds while it runs, and can be revoked.
 *
 * <p>Callers' threads only touch counters: places in a band are taken before a request goes into
 * the inbox, so limits hold exactly, and a request leaves by one compare-and-set on its state,
 * whoever is first: the line, the alarm or the client.
 */
@NullMarked
package io.weir.picker.flow;

import org.jspecify.annotations.NullMarked;

/**
 * From objects to the {@link io.weir.config.Snapshot} that data planes read.
 *
 * <p>{@link io.weir.config.SnapshotCompiler} is a pure function: a set of objects and a few options
 * in, a snapshot, status conditions and problems out. A bad object never replaces a good one: it is
 * left out and its status says why. The holder of the current snapshot is one volatile reference;
 * readers take it once per request.
 *
 * <h2>A change costs what it touches</h2>
 *
 * <p>Gateways, pools, ports of Services and routes are pieces, each made by a function of one
 * object and of what that function asked about others. A compilation takes the one before as an
 * argument and keeps every piece that would come out the same:
 *
 * <pre>
 * objects before ─┐
 * objects now ────┴─► topics touched ──► who asked about them ──► asked again
 *                        ▲                                         │ same answers: kept
 *                        └── a piece that others see otherwise ◄───┘ others: made anew
 * </pre>
 *
 * <ul>
 *   <li>A {@code Memo} is a piece with its {@code Question}s and the answers that it got.
 *   <li>A question names the {@code Topic}s on which its answer depends; {@code Readers} know who
 *       asked about a topic. {@code Facts} finds the topics that a change touches: it passes over
 *       the lists of objects, of which those that did not change are the very same.
 *   <li>Each kind of piece comes after those it asks about: Gateways and pools, then routes. A
 *       piece touches a topic only when what others see of it changed. Endpoints of a pool come and
 *       go without its routes, which hold it by a {@link io.weir.routing.PoolHandle}; a listener
 *       comes and goes without the routes of its neighbours.
 *   <li>What is put together of pieces is a {@link io.weir.collection.PersistentMap}: routes by
 *       listener, tables by host and path, pools and their users, statuses. The next one shares
 *       with it all but what changed, and telling the two apart costs as much as they differ. So
 *       tables take out and put in single routes, and only statuses that differ are written.
 * </ul>
 *
 * <p>What remains for every change is a glance at each object of the kinds that changed, tenths of
 * a millisecond for ten thousand. Whatever is kept, the outcome is that of a compilation from
 * nothing.
 */
@NullMarked
package io.weir.config;

import org.jspecify.annotations.NullMarked;

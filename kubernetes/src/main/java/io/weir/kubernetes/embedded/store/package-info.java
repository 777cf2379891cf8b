/**
 * Where objects are kept: in memory for reading, on disk for the next start, and in a short history
 * for those who watch.
 *
 * <p>{@link io.weir.kubernetes.embedded.store.ObjectStore} has one write lock. A write takes the
 * next resource version and is staged; one of the waiting writers then keeps everything that is
 * staged in one commit, without the lock, and after that all of it goes into memory and into the
 * history, in the order of its versions. So nobody sees a change that a restart would lose. A
 * second write to an object waits for the first. Readers of single objects take no lock at all,
 * lists take the read side so that a list and its resource version belong together.
 *
 * <p>The disk side is an H2 MVStore, a log-structured file: a write is appended and handed to the
 * operating system before it is answered, so the death of the process loses nothing. It is forced
 * to the device within a tenth of a second, which is what the loss of power may cost. A write that
 * fails leaves the file at the last good state; writes are refused with the reason until the file
 * can be opened again, and reading goes on.
 *
 * <p>Stored trees are never changed. Whoever gets one and wants to change it copies it first.
 */
@NullMarked
package io.weir.kubernetes.embedded.store;

import org.jspecify.annotations.NullMarked;

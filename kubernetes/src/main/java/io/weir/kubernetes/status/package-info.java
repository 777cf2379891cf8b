/**
 * What came of every object, written back to where the object came from.
 *
 * <pre>
 * Compilation.statusByObject() → StatusLoop (latest wins) → StatusWriter → StatusSink → API
 *                                    │                    └→ events, for what changed for people
 *                                    └→ looks at objects whose status is another one, that the API
 *                                       tells of, or that failed, and compares with what is there
 * </pre>
 *
 * <p>A status is rendered into what the API has: times of conditions that did not change are kept,
 * entries of other controllers are left alone, entries of ours that are no longer true go. Nothing
 * is written when that changes nothing, so that there are no writes at rest. All of it runs on the
 * loop's virtual thread, which has helpers while there is much to write; the compiler only hands
 * over.
 */
@NullMarked
package io.weir.kubernetes.status;

import org.jspecify.annotations.NullMarked;

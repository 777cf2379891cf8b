/**
 * What keeps the objects in order among themselves: definitions bring and take kinds, owners take
 * what they own with them, namespaces go with everything in them, old Events are forgotten, and
 * each namespace has a service account.
 *
 * <p>{@code Definitions} works inside the write that changes a definition, so that the kind is
 * there when the writer hears of it. The others are listeners of the change feed, each on its own
 * virtual thread, and write over the in-process client like anybody else.
 */
@NullMarked
package io.weir.kubernetes.embedded.control;

import org.jspecify.annotations.NullMarked;

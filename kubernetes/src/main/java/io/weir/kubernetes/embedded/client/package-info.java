/**
 * The API for parts of this program: the same verbs and the same rules as over HTTP, without HTTP.
 *
 * <p>{@link io.weir.kubernetes.embedded.client.ApiClient} reads and writes; {@link
 * io.weir.kubernetes.embedded.client.ChangeFeed} tells of changes. A listener of the feed is called
 * on a virtual thread of its own, in the order of the changes, with everything that has piled up
 * since the last call: one that works from the latest state does the work once for a burst.
 */
@NullMarked
package io.weir.kubernetes.embedded.client;

import org.jspecify.annotations.NullMarked;

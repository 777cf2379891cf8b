/**
 * Kubernetes objects as trees, and the small languages around them: names, labels, selectors,
 * quantities, field paths and the errors that an API server answers.
 *
 * <p>An object is a Jackson {@code ObjectNode}, because the server must carry fields of kinds that
 * it has never heard of. A tree that has been stored is never changed again; whoever wants another
 * one copies it first. Everything here is stateless and may be used by any thread.
 */
@NullMarked
package io.weir.kubernetes.embedded.object;

import org.jspecify.annotations.NullMarked;

/**
 * Objects of a Kubernetes API as the objects that the gateway is configured with.
 *
 * <p>{@link io.weir.kubernetes.objects.LiveObjects} takes what a watch tells, object by object, and
 * hands out an immutable {@link io.weir.resource.ObjectSet} whenever it is asked for one. The same
 * decoders read manifests and objects, so that both mean the same. A refused object keeps its last
 * good version in force, and the problem names it. One thread at a time may use it.
 */
@NullMarked
package io.weir.kubernetes.objects;

import org.jspecify.annotations.NullMarked;

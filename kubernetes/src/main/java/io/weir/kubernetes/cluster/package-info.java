/**
 * A real Kubernetes API as the source of configuration and the place of statuses.
 *
 * <pre>
 * informers, one for each kind and namespace ──┐
 * definitions that come and go ────────────────┼→ queue → ClusterFeed's thread → listener
 * a look at what is served, now and then ──────┘
 * </pre>
 *
 * <p>Informers list and watch, and list again when a watch is too old or the server was away; what
 * went missing meanwhile arrives as a deletion. Kinds that are not served are left out until they
 * are. {@link io.weir.kubernetes.cluster.ClusterSink} writes statuses, for the replica that {@link
 * io.weir.kubernetes.cluster.Leadership} says leads. The client's own beans end at this package's
 * border: trees go further.
 */
@NullMarked
package io.weir.kubernetes.cluster;

import org.jspecify.annotations.NullMarked;

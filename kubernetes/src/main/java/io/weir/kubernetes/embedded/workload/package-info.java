/**
 * What keeps Pods running where there are no machines: Deployments make ReplicaSets, ReplicaSets
 * make Pods, Pods are handed to a {@link io.weir.kubernetes.embedded.workload.PodRunner}, and
 * Services find the addresses of ready Pods.
 *
 * <p>All of it is one listener of the change feed on one virtual thread. Each batch of changes is
 * noted in maps, and what they concern is brought one step nearer to what it should be; the writes
 * come back as changes, and so on until nothing is left to do. At rest nothing is written.
 */
@NullMarked
package io.weir.kubernetes.embedded.workload;

import org.jspecify.annotations.NullMarked;

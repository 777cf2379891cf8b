/**
 * {@code weir gateway}: gateway and controller of a Kubernetes cluster.
 *
 * <p>The feed's thread takes changes, compiles them and brings them into force, one batch after the
 * other; every replica serves. What came of the objects is handed to the status loop by the replica
 * that leads.
 */
@NullMarked
package io.weir.app.gateway;

import org.jspecify.annotations.NullMarked;

/**
 * Deployments of model servers as simulated servers inside this process.
 *
 * <p>{@link io.weir.app.simulated.SimulatedServers} compares the Deployments that there are with
 * the servers that run: it starts what is missing before a new configuration is in force and
 * retires what is too much afterwards, so that no request meets a server that is not there. It is
 * called by one thread at a time.
 */
@NullMarked
package io.weir.app.simulated;

import org.jspecify.annotations.NullMarked;

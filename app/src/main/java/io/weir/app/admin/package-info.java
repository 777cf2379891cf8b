/**
 * The admin endpoints: is it alive, is it ready, what does it do, how does it do.
 *
 * <p>A JDK HTTP server on the loopback address, each request on a virtual thread. Pages read
 * immutable snapshots and never touch the request path.
 */
@NullMarked
package io.weir.app.admin;

import org.jspecify.annotations.NullMarked;

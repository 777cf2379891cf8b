/**
 * From objects to the {@link io.weir.config.Snapshot} that data planes read.
 *
 * <p>{@link io.weir.config.SnapshotCompiler} is a pure function: a set of objects and a few options
 * in, a snapshot, status conditions and problems out. A bad object never replaces a good one: it is
 * left out and its status says why. The holder of the current snapshot is one volatile reference;
 * readers take it once per request.
 */
@NullMarked
package io.weir.config;

import org.jspecify.annotations.NullMarked;

/**
 * Plays Envoy to an ext_proc service, without an Envoy: many streams in full duplex over one or a
 * few HTTP/2 connections, with messages that were built beforehand.
 *
 * <p>Everything of one run happens on one event loop, and what is due at the same time leaves in
 * one write, as from an Envoy worker.
 */
@NullMarked
package io.weir.bench.extproc;

import org.jspecify.annotations.NullMarked;

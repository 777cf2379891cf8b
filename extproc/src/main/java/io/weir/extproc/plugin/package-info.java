/**
 * Plugins of one's own for the body router.
 *
 * <p>A jar names its {@link io.weir.extproc.plugin.BodyPluginProvider} in {@code
 * META-INF/services}; the command line says which of its types are used, in which order. One object
 * serves all requests, on gRPC's threads: it must not block. Where no plugin is used, nothing of
 * this is met by requests.
 */
@NullMarked
package io.weir.extproc.plugin;

import org.jspecify.annotations.NullMarked;

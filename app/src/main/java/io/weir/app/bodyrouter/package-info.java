/**
 * {@code weir body-router}: sets headers from request bodies for proxies that ask over ext_proc.
 *
 * <p>ConfigMaps come from files or from informers, each on a thread of its own that swaps the table
 * of base models; gRPC's event loops read one volatile field.
 */
@NullMarked
package io.weir.app.bodyrouter;

import org.jspecify.annotations.NullMarked;

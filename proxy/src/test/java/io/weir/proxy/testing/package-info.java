/** Servers, clients and snapshots for tests of the proxy, over real sockets. */
@NullMarked
package io.weir.proxy.testing;

import org.jspecify.annotations.NullMarked;

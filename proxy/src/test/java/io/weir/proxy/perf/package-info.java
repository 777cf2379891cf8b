/** Programs to profile the proxy with by hand; no tests. */
@NullMarked
package io.weir.proxy.perf;

import org.jspecify.annotations.NullMarked;

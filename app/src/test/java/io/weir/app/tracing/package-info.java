/** Traces, as a collector hears of them. */
@NullMarked
package io.weir.app.tracing;

import org.jspecify.annotations.NullMarked;

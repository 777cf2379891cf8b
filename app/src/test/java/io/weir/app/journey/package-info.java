/**
 * The journeys of the guides, over real sockets: the whole program runs in this process on ports
 * that happen to be free, with the files of {@code examples/}.
 */
@NullMarked
package io.weir.app.journey;

import org.jspecify.annotations.NullMarked;

/** Pickers outside of the program, and a proxy that asks those inside. */
@NullMarked
package io.weir.app.external;

import org.jspecify.annotations.NullMarked;

/** Pickers that run outside of the program. */
@NullMarked
package io.weir.app.external;

import org.jspecify.annotations.NullMarked;

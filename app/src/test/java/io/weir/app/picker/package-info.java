/** The picker's program, asked as a proxy asks it. */
@NullMarked
package io.weir.app.picker;

import org.jspecify.annotations.NullMarked;

/** {@code weir up}: everything on one machine, from manifest files to a serving gateway. */
@NullMarked
package io.weir.app.up;

import org.jspecify.annotations.NullMarked;

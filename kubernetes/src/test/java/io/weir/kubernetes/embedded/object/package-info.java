/** Tests of object trees. */
@NullMarked
package io.weir.kubernetes.embedded.object;

import org.jspecify.annotations.NullMarked;

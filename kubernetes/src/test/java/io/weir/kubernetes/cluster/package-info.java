/** Tests of the client side of a cluster. */
@NullMarked
package io.weir.kubernetes.cluster;

import org.jspecify.annotations.NullMarked;

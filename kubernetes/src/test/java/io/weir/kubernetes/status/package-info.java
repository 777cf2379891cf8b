/** Tests of statuses against the API server of this module. */
@NullMarked
package io.weir.kubernetes.status;

import org.jspecify.annotations.NullMarked;

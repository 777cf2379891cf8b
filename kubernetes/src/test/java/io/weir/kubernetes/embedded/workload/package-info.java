/** Tests of what keeps Pods running. */
@NullMarked
package io.weir.kubernetes.embedded.workload;

import org.jspecify.annotations.NullMarked;

/** Tests of the API server as a whole: with kubectl, with a Java client, and with bare requests. */
@NullMarked
package io.weir.kubernetes.embedded;

import org.jspecify.annotations.NullMarked;

/**
 * Certificates and keys in files, as Kubernetes keeps them: PEM, in the older forms of keys, too.
 * Everything here is immutable and safe for all threads.
 */
@NullMarked
package io.weir.tls;

import org.jspecify.annotations.NullMarked;

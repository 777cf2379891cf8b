/**
 * Certificates for the API server, made with what every JDK has.
 *
 * <p>The JDK can sign, verify and read certificates but not write them, so {@code Der} writes the
 * few structures of X.509 that are needed. The authority's key is kept in the data directory, so
 * that a kubeconfig goes on working after a restart; server keys are made anew at each start.
 */
@NullMarked
package io.weir.kubernetes.embedded.tls;

import org.jspecify.annotations.NullMarked;

/**
 * Tables: what {@code kubectl get} prints.
 *
 * <p>The server makes the cells, because only it knows every kind. Kinds that a definition defines
 * have columns with a JSONPath each; the kinds of Kubernetes have a {@code Printer} each, which
 * prints what users know from any cluster. Everything is a pure function of an object and the time.
 */
@NullMarked
package io.weir.kubernetes.embedded.table;

import org.jspecify.annotations.NullMarked;

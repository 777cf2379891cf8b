/**
 * A Kubernetes API server inside this program, for one machine.
 *
 * <p>{@code kubectl} and every other client find what they expect of a server of version 1.32:
 * discovery, all verbs, watches, server-side apply, tables, definitions with their schemas and
 * rules. Nothing here schedules or runs containers.
 *
 * <pre>
 * kubectl ──TLS──→ http ──→ engine ──→ store ──→ disk
 *                             ↑          └─→ change feed → controllers, compiler
 *     this program → client ──┘
 * </pre>
 *
 * <p>{@link io.weir.kubernetes.embedded.EmbeddedApi} puts it together: start it, write its
 * kubeconfig, subscribe to changes, close it. The packages below it are its rooms, each with a text
 * of its own; {@code object}, {@code schema}, {@code kind}, {@code patch} and {@code table} are
 * pure, {@code store} and {@code engine} hold the state, {@code http}, {@code client}, {@code
 * control} and {@code workload} work on it.
 */
@NullMarked
package io.weir.kubernetes.embedded;

import org.jspecify.annotations.NullMarked;

/**
 * The Kubernetes API of {@code weir up}: what kubectl talks to.
 *
 * <pre>
 * files ──→ ApiFiles ──→ API server ──→ change feed ──→ the program's objects
 *                            ↑  └──→ workloads ──→ Pods (simulated servers)
 *                         kubectl
 * </pre>
 *
 * <p>Objects of files are owned by their file: they are compiled from there and only shown by the
 * API. All others are compiled from the change feed.
 */
@NullMarked
package io.weir.app.api;

import org.jspecify.annotations.NullMarked;

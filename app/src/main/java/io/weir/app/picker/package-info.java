/**
 * {@code weir picker}: an endpoint picker for proxies that ask over ext_proc.
 *
 * <pre>
 * endpoints files, manifests ─┐
 * Kubernetes informers ───────┼→ objects of one pool → compile → PickedPool → PickerService
 * </pre>
 *
 * <p>Files and informers have a thread each that compiles and swaps; gRPC's event loops read one
 * volatile field.
 */
@NullMarked
package io.weir.app.picker;

import org.jspecify.annotations.NullMarked;

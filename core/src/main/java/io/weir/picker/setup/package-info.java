/**
 * Reads EndpointPickerConfig documents.
 *
 * <p>Both groups are read, {@code llm-d.ai} in its versions {@code v1} and {@code v1alpha1}, and
 * the older {@code inference.networking.x-k8s.io/v1alpha1}. What a document leaves out is completed
 * as the llm-d router does. What Weir cannot do as written is refused with a message that names the
 * field, or, where picking goes on as meant without it, told as a warning.
 */
@NullMarked
package io.weir.picker.setup;

import org.jspecify.annotations.NullMarked;

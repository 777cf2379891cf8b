/**
 * What the data plane and the client of an external endpoint picker say to each other, without a
 * word of the protocol between them.
 *
 * <p>{@link io.weir.picker.external.ExternalPickers} opens a {@link
 * io.weir.picker.external.PickerStream} for each request; what the picker says comes back as {@link
 * io.weir.picker.external.PickerReply}s. A stream is used on the executor that it was opened with,
 * an event loop, and calls its listener there; nothing here blocks.
 */
@NullMarked
package io.weir.picker.external;

import org.jspecify.annotations.NullMarked;

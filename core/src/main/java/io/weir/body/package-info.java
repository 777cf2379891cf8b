/**
 * JSON bodies, read in passing.
 *
 * <p>A request body goes through a {@link io.weir.body.BodyScanner} slice by slice and yields
 * {@link io.weir.body.BodyFacts}: values and byte ranges, never a tree. {@link
 * io.weir.body.ModelSplice} changes its model by cutting at such a range. A response body goes
 * through a {@link io.weir.body.UsageReader}. Both keep a few hundred bytes of state however long
 * the body is, copy nothing that they don't report, and leave the bytes to their owner.
 *
 * <p>Scanners and readers belong to the event loop of their connection; everything else here is
 * immutable. {@link io.weir.body.OpenAiError} and {@link io.weir.body.ModelList} write the few
 * bodies that the gateway answers itself.
 */
@NullMarked
package io.weir.body;

import org.jspecify.annotations.NullMarked;

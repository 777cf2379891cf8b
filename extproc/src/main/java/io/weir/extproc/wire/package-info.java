/**
 * The ext_proc messages as the two servers see them: headers in, replies out, and the order in
 * which replies may leave.
 *
 * <p>Nothing here knows of picking or routing. A reply never repeats a whole request: Envoy keeps
 * what is not mentioned, so only what changes is sent.
 */
@NullMarked
package io.weir.extproc.wire;

import org.jspecify.annotations.NullMarked;

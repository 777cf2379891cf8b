/** {@code weir check}: what is wrong with manifests, without running anything. */
@NullMarked
package io.weir.app.check;

import org.jspecify.annotations.NullMarked;

/**
 * The ext_proc roles behind a real Envoy, with the configurations of {@code examples/envoy}.
 *
 * <p>Everything listens on the loopback address, on ports that were free. Without an Envoy these
 * tests are skipped and say so; {@code .ci/run} installs one.
 */
@NullMarked
package io.weir.app.envoy;

import org.jspecify.annotations.NullMarked;

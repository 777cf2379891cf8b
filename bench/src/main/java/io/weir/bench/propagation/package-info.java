/**
 * How long a change of one object among many takes from the API's answer to the data plane.
 *
 * <p>The gateway is a process of its own; objects are written over HTTPS as kubectl does, and the
 * data plane is asked in a loop until its answer differs. A watch tells when the status is written.
 * One thread drives all of it.
 */
@NullMarked
package io.weir.bench.propagation;

import org.jspecify.annotations.NullMarked;

/**
 * What the two ext_proc roles, {@code weir picker} and {@code weir body-router}, have in common:
 * their ports, certificates, health and end.
 */
@NullMarked
package io.weir.app.extproc;

import org.jspecify.annotations.NullMarked;

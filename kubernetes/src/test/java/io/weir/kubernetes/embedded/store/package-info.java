/** Tests of what survives: crashes and full disks. */
@NullMarked
package io.weir.kubernetes.embedded.store;

import org.jspecify.annotations.NullMarked;

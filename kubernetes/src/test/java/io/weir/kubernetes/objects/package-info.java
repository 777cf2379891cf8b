/** Tests of objects that are kept up to date one by one. */
@NullMarked
package io.weir.kubernetes.objects;

import org.jspecify.annotations.NullMarked;

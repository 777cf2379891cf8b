@NullMarked
package io.weir.picker;

import org.jspecify.annotations.NullMarked;

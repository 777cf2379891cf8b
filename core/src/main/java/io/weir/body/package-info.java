@NullMarked
package io.weir.body;

import org.jspecify.annotations.NullMarked;

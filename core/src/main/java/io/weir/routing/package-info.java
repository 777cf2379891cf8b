@NullMarked
package io.weir.routing;

import org.jspecify.annotations.NullMarked;

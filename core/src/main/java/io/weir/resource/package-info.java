@NullMarked
package io.weir.resource;

import org.jspecify.annotations.NullMarked;

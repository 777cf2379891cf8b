@NullMarked
package io.weir.resource.manifest;

import org.jspecify.annotations.NullMarked;

@NullMarked
package io.weir.telemetry;

import org.jspecify.annotations.NullMarked;

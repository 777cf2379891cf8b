/**
 * How the log looks. Set up in code, because reading a configuration file would take a tenth of the
 * program's start.
 */
@NullMarked
package io.weir.app.logging;

import org.jspecify.annotations.NullMarked;

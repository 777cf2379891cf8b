/**
 * Splits that can be trusted: weighted choice without dice.
 *
 * <p>Used for backends of a rule, targets of a model rewrite and endpoints of a Service. Choices
 * are wait-free and may be made by any thread.
 */
@NullMarked
package io.weir.split;

import org.jspecify.annotations.NullMarked;

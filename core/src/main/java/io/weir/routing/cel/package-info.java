/**
 * Headers whose values are CEL expressions over the request, and numbers that are over the usage.
 *
 * <p>The only package that touches the CEL library, whose classes take long to load: nobody comes
 * here unless a policy has an expression. Expressions are checked and compiled when the
 * configuration is; of the body they see only the model, so that it need not be kept whole. Rules
 * are immutable and evaluated on event loops.
 */
@NullMarked
package io.weir.routing.cel;

import org.jspecify.annotations.NullMarked;

/** Tests of the rules of schemas. */
@NullMarked
package io.weir.kubernetes.embedded.schema.rule;

import org.jspecify.annotations.NullMarked;

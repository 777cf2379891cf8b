/**
 * Structural schemas: what fields a kind has, their defaults, and what their values may be.
 *
 * <p>A {@link io.weir.kubernetes.embedded.schema.Schema} is read once from the OpenAPI form that a
 * CustomResourceDefinition carries (the built-in kinds write the same form), and then walks over
 * objects in three passes, in the order of a Kubernetes API server: {@code Pruner} drops what the
 * schema does not know and tells which fields those were, {@code Defaults} fills in what is absent,
 * {@code Validator} collects every error with its field path. CEL rules are in {@code schema.rule};
 * they run after the validator was content, because they may assume the types.
 *
 * <p>Schemas are immutable and shared by all threads; so are the regular expressions in them, which
 * are RE2 and take linear time, whatever a user's definition contains.
 */
@NullMarked
package io.weir.kubernetes.embedded.schema;

import org.jspecify.annotations.NullMarked;

/**
 * The objects that users write, as immutable records.
 *
 * <p>A manifest becomes a record in three steps: the YAML (or JSON) text becomes a tree that knows
 * the line of every field, the tree is decoded field by field with defaults applied, and the result
 * validates itself. Whatever is wrong becomes a {@link io.weir.resource.Problem} that names the
 * object, the field, the value and the rule; a record exists only when nothing was wrong with it.
 *
 * <p>Records hold resolved defaults: a reader never asks "what does absent mean". Several published
 * versions of a kind decode to one record ({@code InferencePool} of both groups, for instance).
 * Everything here is a value and may be shared between threads.
 */
@NullMarked
package io.weir.resource;

import org.jspecify.annotations.NullMarked;

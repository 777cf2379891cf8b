/**
 * The five ways to change a part of an object: JSON merge patch, JSON patch, strategic merge patch,
 * server-side apply, and plain updates, as far as the ownership of fields goes.
 *
 * <p>Everything here is a pure function from trees to trees. What is a list with keys, and what is
 * one value, comes from the schema; where the schema is silent, objects are merged member by member
 * and lists are replaced.
 *
 * <p>Ownership is kept in {@code metadata.managedFields}: for each manager a {@link
 * io.weir.kubernetes.embedded.patch.FieldSet}, a trie of the fields that it set. An update moves
 * the fields that it changed to its manager. An apply states all that its manager wants: fields
 * that it stated before and no longer does are removed unless someone else owns them, and fields
 * that it would change although someone else owns them are conflicts.
 */
@NullMarked
package io.weir.kubernetes.embedded.patch;

import org.jspecify.annotations.NullMarked;

/**
 * Which kinds there are, under which versions and names, with which columns and schemas.
 *
 * <p>{@link io.weir.kubernetes.embedded.kind.Kinds} is the one list. It starts with the built-in
 * kinds, which are written down in the {@code .types} files beside this package in a form that is
 * as short as the facts: one line for each field. A CustomResourceDefinition puts its kind in front
 * of a built-in one with the same name, and deleting it brings the built-in kind back.
 *
 * <p>A {@code KindInfo} is immutable; the list is replaced as a whole by one writer at a time and
 * read without a lock.
 */
@NullMarked
package io.weir.kubernetes.embedded.kind;

import org.jspecify.annotations.NullMarked;

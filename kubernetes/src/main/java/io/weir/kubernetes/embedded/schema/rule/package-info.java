/**
 * CEL rules in schemas ({@code x-kubernetes-validations}).
 *
 * <p>{@link io.weir.kubernetes.embedded.schema.rule.Rules} compiles each distinct expression once
 * and keeps the program for the life of the server; {@code RuleWalk} goes down an object together
 * with its schema and its old state and runs the programs that it meets. {@code self} and {@code
 * oldSelf} are dynamically typed: the schema has been enforced by then, so a rule meets the types
 * that it was written for, and what is checked at compile time elsewhere fails here when it runs.
 *
 * <p>A rule can't stop the server: comprehensions are bounded, regular expressions are RE2, and all
 * rules of one object share a time budget.
 */
@NullMarked
package io.weir.kubernetes.embedded.schema.rule;

import org.jspecify.annotations.NullMarked;

/**
 * What the verbs of the API do to objects, without HTTP.
 *
 * <p>{@link io.weir.kubernetes.embedded.engine.Engine} is the one door to writing. Every write goes
 * the same way, whoever asks for it:
 *
 * <pre>
 * body or patch → unknown fields → defaults → metadata → what the endpoint may change
 *     → schema, rules of the kind, CEL, admission → owners of fields → store
 * </pre>
 *
 * <p>A write is made against the state that was read and stored only if that is still the latest;
 * patches and applies start again when it is not. The engine has no threads: everything runs in the
 * caller's, and nothing is held while it runs but the store's own lock for the last step.
 *
 * <p>What a kind needs beyond its schema is in a {@code KindRules} each, what the program around
 * the API wants to refuse is an {@link io.weir.kubernetes.embedded.engine.Admission}.
 */
@NullMarked
package io.weir.kubernetes.embedded.engine;

import org.jspecify.annotations.NullMarked;

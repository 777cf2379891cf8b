/**
 * Tokens and sentences.
 *
 * <p>A real tokenizer needs a vocabulary of megabytes per model. Here {@link
 * io.weir.simulator.text.Tokens} cuts text into pieces of four bytes, which is close to what real
 * ones do with English, costs almost nothing, is the same for equal prefixes, and can be undone.
 * {@link io.weir.simulator.text.Speech} has the sentences that a simulated model answers with.
 */
@NullMarked
package io.weir.simulator.text;

import org.jspecify.annotations.NullMarked;

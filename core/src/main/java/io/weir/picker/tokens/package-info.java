/**
 * Asks model servers which tokens a prompt consists of.
 *
 * <p>Which blocks of a prompt a server has in its cache can only be told by tokens, and only a
 * server has the model's tokenizer and its chat template. So the request's body is sent to a server
 * of the pool ({@code /tokenize}) or to one that does nothing else ({@code …/render}), while the
 * pick waits for as long as a budget allows. {@link io.weir.picker.tokens.PromptTokenizer} asks
 * once for prompts that are the same, remembers answers, has so many questions open at most, and
 * asks nobody for a while when answers fail or come too late.
 *
 * <p>Questions are asked from any thread and block none. Answers are read on virtual threads.
 */
@NullMarked
package io.weir.picker.tokens;

import org.jspecify.annotations.NullMarked;

/**
 * The plugins that come with Weir.
 *
 * <p>Type names, parameters and formulas are those of the llm-d router's endpoint picker. Where its
 * scorers look at scraped values, these look at scraped values corrected by the work that this
 * process has sent since; without work in flight both say the same.
 */
@NullMarked
package io.weir.picker.builtin;

import org.jspecify.annotations.NullMarked;

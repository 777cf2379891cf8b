/**
 * Measuring: a load generator that speaks OpenAI-style HTTP, and comparisons side by side.
 *
 * <p>Absolute times on a shared machine say little, so comparisons run the contestants in turns in
 * one run and report CPU time per request from the operating system's accounting of each process.
 */
@NullMarked
package io.weir.bench;

import org.jspecify.annotations.NullMarked;

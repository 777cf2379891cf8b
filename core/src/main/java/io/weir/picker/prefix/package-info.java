/**
 * Guesses which part of a prompt a server has in its KV cache already.
 *
 * <p>A prompt is hashed once per request, in place, into a chain of {@link
 * io.weir.picker.prefix.PromptHashes}: each hash stands for everything up to its place. Each
 * endpoint has a {@link io.weir.picker.prefix.PrefixTable} of the hashes that were sent to it,
 * which forgets the least recently used beyond what the server's cache holds. How far a prompt is
 * known to an endpoint takes a handful of probes of its table.
 *
 * <h2>Places in a prompt</h2>
 *
 * The first 128 blocks (16 tokens, taken as 64 bytes of text) have a hash each. Further on the
 * distance between hashes doubles whenever the position doubles, so that a match is found to within
 * 1/64 of its length and a prompt of a million tokens has about 700 hashes instead of 62,500.
 * Places depend on the position alone, so prompts that begin alike have the same hashes as far as
 * they do.
 *
 * <h2>Memory</h2>
 *
 * A table is one array of 8-byte slots that starts at 8 KiB and doubles while it would otherwise
 * forget what the server still holds, up to a limit: {@link
 * io.weir.picker.prefix.PrefixSettings#POOL_BYTES} divided among the endpoints of the pool, but 8
 * KiB at least. While a table grows, the old array exists beside the new one.
 *
 * <h2>Threads</h2>
 *
 * Tables are read and written by all event loops without locks. Writers that meet in one slot may
 * lose an entry, which costs a guess, never correctness.
 */
@NullMarked
package io.weir.picker.prefix;

import org.jspecify.annotations.NullMarked;

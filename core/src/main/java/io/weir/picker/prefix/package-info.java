/**
 * Says which part of a prompt a server has in its KV cache already: by what was sent to it, which
 * is a guess, or by what it tells.
 *
 * <h2>What was sent</h2>
 *
 * <p>A prompt is hashed once per request, in place, into a chain of {@link
 * io.weir.picker.prefix.PromptHashes}: each hash stands for everything up to its place. Each
 * endpoint has a {@link io.weir.picker.prefix.PrefixTable} of the hashes that were sent to it,
 * which forgets the least recently used beyond what the server's cache holds. How far a prompt is
 * known to an endpoint takes a handful of probes of its table. In pools of 32 endpoints and more,
 * {@link io.weir.picker.prefix.FirstBlocks} tells which tables may have the prompt's first block at
 * all; the others are not probed.
 *
 * <p>Behind a prompt that was answered, the server's cache holds the answer. {@link
 * io.weir.picker.prefix.Answers} of the pool remembers how long it was; a later prompt that goes on
 * from there knows as many tokens more.
 *
 * <h2>Places in a prompt</h2>
 *
 * The first 128 blocks (16 tokens, taken as 64 bytes of text) have a hash each. Further on the
 * distance between hashes doubles whenever the position doubles, so that a match is found to within
 * 1/64 of its length and a prompt of a million tokens has about 700 hashes instead of 62,500.
 * Places depend on the position alone, so prompts that begin alike have the same hashes as far as
 * they do.
 *
 * <h2>What servers tell</h2>
 *
 * Servers that publish KV-cache events say which tokens each block has. A {@link
 * io.weir.picker.prefix.BlockIndex} per endpoint holds the hashes over all tokens up to the end of
 * each block; a {@link io.weir.picker.prefix.TokenChain} has those of a prompt, at the same places
 * as above.
 *
 * <h2>Memory</h2>
 *
 * A table is one array of 8-byte slots that starts at 8 KiB and doubles while it would otherwise
 * forget what the server still holds, up to a limit: {@link
 * io.weir.picker.prefix.PrefixSettings#POOL_BYTES} divided among the endpoints of the pool, but 8
 * KiB at least. While a table grows, the old array exists beside the new one.
 *
 * <p>The bits of first blocks take 4 MiB of a pool at most, and half a MiB of 64 endpoints.
 *
 * <p>The lengths of answers take 128 KiB in a pool, once there was one.
 *
 * <p>An index of blocks takes 64 bytes for each block of the server, of {@link
 * io.weir.picker.prefix.BlockIndex#POOL_BYTES} divided likewise.
 *
 * <h2>Threads</h2>
 *
 * Tables are read and written by all event loops without locks. Writers that meet in one slot may
 * lose an entry, which costs a guess, never correctness. A first block that is in a table has its
 * bit set, but for the moment in which it is written. Indexes of blocks are written by the thread
 * that listens to events.
 */
@NullMarked
package io.weir.picker.prefix;

import org.jspecify.annotations.NullMarked;

package io.weir.picker.events;

import io.weir.picker.prefix.StoredBlocks;

/** Takes what happened in the KV cache of a server's GPU, in order. */
interface KvEventSink {

    /** Blocks were computed. What is passed is used again for the next event. */
    void stored(StoredBlocks blocks);

    /** A block was given to others. */
    void removed(long hash);

    /** The cache is empty. */
    void cleared();

    /** Something happened that tells nothing about whole prompts in the GPU's memory. */
    void skipped();
}

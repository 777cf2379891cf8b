package io.weir.picker.prefix;

/** The chained hashes of a prompt: each stands for everything up to its place. */
sealed interface HashChain permits PromptHashes, TokenChain {

    /** Returns the number of hashes. */
    int size();

    /** Returns a hash. */
    long hash(int place);
}

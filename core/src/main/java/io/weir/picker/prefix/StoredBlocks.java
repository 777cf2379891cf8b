package io.weir.picker.prefix;

import java.util.Arrays;
import java.util.List;

/**
 * Blocks that a server stored, one after the other. Filled anew for each event; owned by one
 * thread.
 */
public final class StoredBlocks {

    private long[] hashes = new long[64];
    private int[] tokens = new int[1024];
    private int count;
    private int tokenCount;
    private int blockTokens;
    private boolean hasParent;
    private long parent;
    private String adapter = "";
    private List<List<String>> extras = List.of();

    /** Begins an event. */
    public void clear() {
        count = 0;
        tokenCount = 0;
        blockTokens = 0;
        hasParent = false;
        adapter = "";
        extras = List.of();
    }

    /** Adds the hash of the next block. */
    public void addHash(long hash) {
        if (count == hashes.length) {
            hashes = Arrays.copyOf(hashes, 2 * count);
        }
        hashes[count++] = hash;
    }

    /** Adds the next token. */
    public void addToken(int token) {
        if (tokenCount == tokens.length) {
            tokens = Arrays.copyOf(tokens, 2 * tokenCount);
        }
        tokens[tokenCount++] = token;
    }

    /** Says how many tokens are in a block. */
    public void blockTokens(int number) {
        blockTokens = number;
    }

    /** Says which block comes before the first one. */
    public void parent(long hash) {
        hasParent = true;
        parent = hash;
    }

    /** Names the LoRA adapter. */
    public void adapter(String name) {
        adapter = name;
    }

    /** Says what keeps each block apart from others, besides tokens and adapter. */
    public void extras(List<List<String>> ofBlocks) {
        extras = ofBlocks;
    }

    /** Returns whether each block has its tokens. */
    public boolean isWhole() {
        return blockTokens > 0 && (long) count * blockTokens == tokenCount;
    }

    /** Returns the number of blocks. */
    public int count() {
        return count;
    }

    /** Returns the number of tokens. */
    public int tokens() {
        return tokenCount;
    }

    /** Returns the tokens in a block. */
    public int blockTokens() {
        return blockTokens;
    }

    /** Returns the server's hash of a block. */
    public long hash(int block) {
        return hashes[block];
    }

    int token(int place) {
        return tokens[place];
    }

    boolean hasParent() {
        return hasParent;
    }

    long parent() {
        return parent;
    }

    String adapter() {
        return adapter;
    }

    List<String> extra(int block) {
        return block < extras.size() ? extras.get(block) : List.of();
    }
}

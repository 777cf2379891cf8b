package io.weir.body;

/** What a value in a request body means. */
enum Field {
    /** The outermost object. */
    ROOT(true, false),
    /** Nothing that matters. */
    IGNORED,
    MODEL,
    STREAM,
    STREAM_OPTIONS(true, false),
    INCLUDE_USAGE,
    MAX_COMPLETION_TOKENS,
    MAX_TOKENS,
    MAX_OUTPUT_TOKENS,
    USER,
    CACHE_SALT,
    /** Tool definitions: they are part of the prompt in a form that only the model server knows. */
    TOOLS,
    /** A prompt or an element of one: text, a message, a list of token numbers. */
    PROMPT(true, true),
    /** Text of a message, or a list of its parts. */
    TEXT(true, true),
    /** Something in a message that isn't text, but may hold text further down. */
    PART(true, true),
    /** Every string counts, whatever its key: arguments of tool calls. */
    ANY_TEXT(false, true),
    IMAGE(256),
    AUDIO(256),
    VIDEO(2_048),
    FILE(1_024);

    private final boolean readsKeys;
    private final boolean spreads;
    private final int tokens;

    Field() {
        this(0);
    }

    Field(int tokens) {
        this.readsKeys = false;
        this.spreads = false;
        this.tokens = tokens;
    }

    Field(boolean readsKeys, boolean spreads) {
        this.readsKeys = readsKeys;
        this.spreads = spreads;
        this.tokens = 0;
    }

    /** Returns whether the keys of such an object say what their values mean. */
    boolean readsKeys() {
        return readsKeys;
    }

    /** Returns whether the elements of such a container mean the same as itself. */
    boolean spreads() {
        return spreads;
    }

    /** Returns how many tokens such a value counts for, whatever its size. */
    int tokens() {
        return tokens;
    }
}

package io.weir.body;

/** What a value in a request body means. */
enum Field {
    /** The outermost object. */
    ROOT,
    /** Nothing that matters. */
    IGNORED,
    MODEL,
    STREAM,
    STREAM_OPTIONS,
    INCLUDE_USAGE,
    MAX_COMPLETION_TOKENS,
    MAX_TOKENS,
    MAX_OUTPUT_TOKENS,
    USER,
    CACHE_SALT,
    /** Tool definitions: they are part of the prompt in a form that only the model server knows. */
    TOOLS,
    /** A prompt or an element of one: text, a message, a list of token numbers. */
    PROMPT,
    /** Text of a message, or a list of its parts. */
    TEXT,
    /** Something in a message that isn't text, but may hold text further down. */
    PART,
    /** Every string counts, whatever its key: arguments of tool calls. */
    ANY_TEXT,
    IMAGE,
    AUDIO,
    VIDEO,
    FILE
}

package io.weir.body;

/**
 * Reads usage objects of OpenAI's chat and completions API, its Responses API and Anthropic's
 * Messages API; what a later object says replaces what an earlier one said.
 */
final class UsageFields extends JsonScanner<UsageFields.Field> {

    /** What a value means. */
    enum Field {
        USAGE,
        IGNORED,
        PROMPT,
        COMPLETION,
        TOTAL,
        CACHE_READ,
        CACHE_WRITTEN,
        DETAILS,
        CACHED
    }

    private static final KeyTable<Field> USAGE_KEYS =
            KeyTable.<Field>builder()
                    .put(Field.PROMPT, "prompt_tokens", "input_tokens")
                    .put(Field.COMPLETION, "completion_tokens", "output_tokens")
                    .put(Field.TOTAL, "total_tokens")
                    .put(Field.CACHE_READ, "cache_read_input_tokens")
                    .put(Field.CACHE_WRITTEN, "cache_creation_input_tokens")
                    .put(Field.DETAILS, "prompt_tokens_details", "input_tokens_details")
                    // Misspelt by some servers, and read so by the reference picker.
                    .put(Field.DETAILS, "prompt_token_details")
                    .build();

    private static final KeyTable<Field> DETAIL_KEYS =
            KeyTable.<Field>builder().put(Field.CACHED, "cached_tokens").build();

    private static final int MAX_DEPTH = 8;
    private static final int MAX_KEY_BYTES = 256;

    private long prompt = -1;
    private long completion = -1;
    private long total = -1;
    private long cacheRead = -1;
    private long cacheWritten = -1;
    private long cached = -1;

    UsageFields() {
        super(Field.USAGE, new Field[MAX_DEPTH], MAX_KEY_BYTES, USAGE_KEYS.longest() + 1, 0);
    }

    Usage usage() {
        long read = Math.max(cacheRead, 0) + Math.max(cacheWritten, 0);
        long promptTokens = prompt < 0 ? -1 : prompt + read;
        long totalTokens = total;
        if (total < 0 && promptTokens >= 0 && completion >= 0) {
            totalTokens = promptTokens + completion;
        }
        return new Usage(promptTokens, completion, totalTokens, cached >= 0 ? cached : cacheRead);
    }

    @Override
    boolean readsKeys(Field object) {
        return object == Field.USAGE || object == Field.DETAILS;
    }

    @Override
    Field member(Field object, byte[] key, int from, int length) {
        KeyTable<Field> table = object == Field.USAGE ? USAGE_KEYS : DETAIL_KEYS;
        KeyTable.Entry<Field> entry = table.find(key, from, length);
        return entry == null ? Field.IGNORED : entry.meaning();
    }

    @Override
    Field element(Field container) {
        return Field.IGNORED;
    }

    @Override
    int keepLimit(Field field) {
        return 0;
    }

    @Override
    void startContainer(Field field, boolean object, long start) {}

    @Override
    void endContainer(Field field, boolean object, long end) {}

    @Override
    void endString(Field field, long start, long end) {}

    @Override
    void endNumber(Field field, long value, long start, long end) {
        if (value < 0) {
            return;
        }
        switch (field) {
            case PROMPT -> prompt = value;
            case COMPLETION -> completion = value;
            case TOTAL -> total = value;
            case CACHE_READ -> cacheRead = value;
            case CACHE_WRITTEN -> cacheWritten = value;
            case CACHED -> cached = value;
            case USAGE, IGNORED, DETAILS -> {}
        }
    }

    @Override
    void endLiteral(Field field, Literal value, long start, long end) {}
}

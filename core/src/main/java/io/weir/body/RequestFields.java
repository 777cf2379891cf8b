package io.weir.body;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.List;

/** Collects the facts while the scanner goes through the body. */
final class RequestFields extends JsonScanner<Field> {

    private static final KeyTable<Field> ROOT_KEYS =
            KeyTable.<Field>builder()
                    .put(Field.MODEL, "model")
                    .put(Field.STREAM, "stream")
                    .put(Field.STREAM_OPTIONS, "stream_options")
                    .put(Field.MAX_COMPLETION_TOKENS, "max_completion_tokens")
                    .put(Field.MAX_TOKENS, "max_tokens")
                    .put(Field.MAX_OUTPUT_TOKENS, "max_output_tokens")
                    .put(Field.USER, "user")
                    .put(Field.CACHE_SALT, "cache_salt")
                    .put(Field.TOOLS, "tools")
                    .put(Field.PROMPT, "messages", "prompt", "input", "instructions", "system")
                    .build();

    private static final KeyTable<Field> STREAM_OPTION_KEYS =
            KeyTable.<Field>builder().put(Field.INCLUDE_USAGE, "include_usage").build();

    private static final KeyTable<Field> MESSAGE_KEYS =
            KeyTable.<Field>builder()
                    .put(Field.TEXT, "content", "text", "refusal", "output", "summary")
                    .put(Field.TEXT, "thinking", "reasoning", "reasoning_content")
                    .put(Field.ANY_TEXT, "arguments", "input")
                    .put(Field.IMAGE, "image_url", "image", "image_embeds", "source", "data")
                    .put(Field.AUDIO, "input_audio", "audio_url", "audio", "audio_embeds")
                    .put(Field.VIDEO, "video_url", "video")
                    .put(Field.FILE, "file", "file_data", "file_url", "file_id")
                    .build();

    /** Longest key that means something. */
    static final int LONGEST_KEY =
            Math.max(
                    ROOT_KEYS.longest(),
                    Math.max(STREAM_OPTION_KEYS.longest(), MESSAGE_KEYS.longest()));

    private static final int MAX_ID_BYTES = 1_024;

    private static final int QUARTERS = 4;
    private static final int TOKENS_PER_MESSAGE = 4;

    private final BodyLimits limits;
    private long[] ranges = new long[32];

    private int rangeCount;
    private @Nullable String model;
    private long modelStart;
    private long modelEnd;
    private long insertAt;
    private boolean emptyObject;
    private boolean stream;
    private boolean includeUsage;
    private boolean sawIncludeUsage;
    private long maxCompletionTokens;
    private long maxTokens;
    private long maxOutputTokens;
    private @Nullable String user;
    private @Nullable String cacheSalt;
    private int seenKeys;
    private long toolsStart;
    private long tokenArrayStart;
    private long tokensBefore;
    private long numberTokens;
    private long fixedTokens;
    private long textQuarters;

    RequestFields(BodyLimits limits) {
        super(
                Field.ROOT,
                new Field[limits.maxDepth()],
                limits.maxKeyBytes(),
                // One byte more, to see that a key is longer.
                LONGEST_KEY + 1,
                Math.max(limits.maxModelBytes(), MAX_ID_BYTES));
        this.limits = limits;
        clear();
    }

    @Override
    void reset() {
        super.reset();
        clear();
    }

    private void clear() {
        rangeCount = 0;
        model = null;
        modelStart = 0;
        modelEnd = 0;
        insertAt = 0;
        emptyObject = true;
        stream = false;
        includeUsage = false;
        sawIncludeUsage = false;
        maxCompletionTokens = -1;
        maxTokens = -1;
        maxOutputTokens = -1;
        user = null;
        cacheSalt = null;
        seenKeys = 0;
        numberTokens = 0;
        fixedTokens = 0;
        textQuarters = 0;
    }

    @Nullable String model() {
        return model;
    }

    BodyFacts facts() {
        return new BodyFacts(
                model,
                new ByteRange(modelStart, modelEnd),
                new ByteRange(insertAt, insertAt),
                emptyObject,
                stream,
                includeUsage,
                answerLimit(),
                promptRanges(),
                numberTokens + fixedTokens + (textQuarters + QUARTERS - 1) / QUARTERS,
                user,
                cacheSalt,
                offset());
    }

    /** Returns the facts of a body that is cut off here. */
    BodyFacts factsOfPart() throws BodyException {
        if (modelEnd == 0) {
            throw new BodyException(
                    "'model' is not found in the first "
                            + offset()
                            + " bytes of the request body, where the proxy cut it off",
                    "model");
        }
        cutOff();
        return facts();
    }

    private long answerLimit() {
        if (maxCompletionTokens >= 0) {
            return maxCompletionTokens;
        }
        return maxTokens >= 0 ? maxTokens : maxOutputTokens;
    }

    private List<ByteRange> promptRanges() {
        ByteRange[] list = new ByteRange[rangeCount];
        for (int i = 0; i < rangeCount; i++) {
            list[i] = new ByteRange(ranges[2 * i], ranges[2 * i + 1]);
        }
        return List.of(list);
    }

    @Override
    boolean readsKeys(Field object) {
        return object.readsKeys();
    }

    @Override
    Field member(Field object, byte[] key, int from, int length) {
        return switch (object) {
            case ROOT -> rootMember(ROOT_KEYS.find(key, from, length));
            case STREAM_OPTIONS -> streamOption(STREAM_OPTION_KEYS.find(key, from, length));
            default -> messageMember(MESSAGE_KEYS.find(key, from, length));
        };
    }

    private Field rootMember(KeyTable.@Nullable Entry<Field> entry) {
        emptyObject = false;
        if (entry == null) {
            return Field.IGNORED;
        }
        int bit = 1 << entry.index();
        if ((seenKeys & bit) != 0) {
            rejectDuplicate(entry.key());
        }
        seenKeys |= bit;
        return entry.meaning();
    }

    private Field streamOption(KeyTable.@Nullable Entry<Field> entry) {
        if (entry == null) {
            return Field.IGNORED;
        }
        if (sawIncludeUsage) {
            rejectDuplicate("stream_options." + entry.key());
        }
        sawIncludeUsage = true;
        return entry.meaning();
    }

    private static Field messageMember(KeyTable.@Nullable Entry<Field> entry) {
        return entry == null ? Field.PART : entry.meaning();
    }

    @Override
    Field element(Field container) {
        return container.spreads() ? container : Field.IGNORED;
    }

    @Override
    int keepLimit(Field field) {
        return switch (field) {
            case MODEL -> limits.maxModelBytes();
            case USER, CACHE_SALT -> MAX_ID_BYTES;
            default -> 0;
        };
    }

    @Override
    void startContainer(Field field, boolean object, long start) {
        switch (field) {
            case ROOT -> insertAt = start + 1;
            case MODEL -> rejectModel("must be a string");
            case TOOLS -> toolsStart = start;
            case PROMPT -> startPrompt(object, start);
            default -> fixedTokens += field.tokens();
        }
    }

    private void startPrompt(boolean object, long start) {
        if (object) {
            fixedTokens += TOKENS_PER_MESSAGE;
        } else {
            tokenArrayStart = start + 1;
            tokensBefore = numberTokens;
        }
    }

    @Override
    void endContainer(Field field, boolean object, long end) {
        if (field == Field.TOOLS) {
            textQuarters += end - toolsStart;
        } else if (field == Field.PROMPT && !object && numberTokens > tokensBefore) {
            addRange(tokenArrayStart, end - 1);
            tokensBefore = numberTokens;
        }
    }

    @Override
    void endString(Field field, long start, long end) {
        switch (field) {
            case MODEL -> endModel(start, end);
            case USER -> user = string().text();
            case CACHE_SALT -> cacheSalt = string().text();
            case PROMPT, TEXT, ANY_TEXT -> addText(start + 1, end - 1);
            default -> fixedTokens += field.tokens();
        }
    }

    @Override
    void cutString(Field field, long start, long end) {
        if (field == Field.PROMPT || field == Field.TEXT || field == Field.ANY_TEXT) {
            addText(start + 1, end);
        }
    }

    private void addText(long start, long end) {
        addRange(start, end);
        textQuarters += end - start + string().weightCorrection();
    }

    private void endModel(long start, long end) {
        if (string().cut()) {
            rejectModel("must not be longer than " + limits.maxModelBytes() + " bytes");
        } else if (string().loneSurrogate()) {
            rejectModel("must not contain half a surrogate pair");
        } else if (hasControl()) {
            rejectModel("must not contain control characters");
        } else {
            modelStart = start;
            modelEnd = end;
            model = string().keptLength() == 0 ? null : string().text();
        }
    }

    private boolean hasControl() {
        for (int i = 0; i < string().keptLength(); i++) {
            byte c = string().kept()[i];
            if ((c >= 0 && c < 0x20) || c == 0x7f) {
                return true;
            }
        }
        return false;
    }

    @Override
    void endNumber(Field field, long value, long start, long end) {
        switch (field) {
            case MODEL -> rejectModel("must be a string");
            case MAX_COMPLETION_TOKENS -> maxCompletionTokens = value;
            case MAX_TOKENS -> maxTokens = value;
            case MAX_OUTPUT_TOKENS -> maxOutputTokens = value;
            case PROMPT -> numberTokens++;
            default -> {}
        }
    }

    @Override
    void endLiteral(Field field, Literal value, long start, long end) {
        switch (field) {
            case MODEL -> endModel(value, start, end);
            case STREAM -> stream = value == Literal.TRUE;
            case INCLUDE_USAGE -> includeUsage = value == Literal.TRUE;
            default -> {}
        }
    }

    private void endModel(Literal value, long start, long end) {
        if (value == Literal.NULL) {
            modelStart = start;
            modelEnd = end;
        } else {
            rejectModel("must be a string");
        }
    }

    private void addRange(long from, long end) {
        // A list that mixes numbers and text, which no server takes, must not yield overlaps.
        long start = rangeCount == 0 ? from : Math.max(from, ranges[2 * rangeCount - 1]);
        if (start >= end || rangeCount == limits.maxPromptRanges()) {
            return;
        }
        if (2 * rangeCount == ranges.length) {
            ranges = Arrays.copyOf(ranges, 2 * ranges.length);
        }
        ranges[2 * rangeCount] = start;
        ranges[2 * rangeCount + 1] = end;
        rangeCount++;
    }

    private void rejectModel(String why) {
        reject("Request body is refused: 'model' " + why, "model");
    }

    private void rejectDuplicate(String key) {
        reject("Request body is refused: '" + key + "' occurs twice", key);
    }
}

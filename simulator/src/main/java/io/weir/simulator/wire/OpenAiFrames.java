package io.weir.simulator.wire;

import io.weir.simulator.http.Bytes;
import io.weir.simulator.http.ChunkWriter;
import io.weir.simulator.text.Answer;

/** Frames that chat completions and completions have in common. */
final class OpenAiFrames {

    private static final byte[] DATA = Json.utf8("data: ");
    private static final byte[] FRAME_END = Json.utf8("\n\n");
    private static final byte[] DONE = Json.utf8("data: [DONE]\n\n");
    private static final byte[] USAGE = Json.utf8(",\"usage\":");
    private static final byte[] NO_CHOICES = Json.utf8(",\"choices\":[]");
    private static final byte[] NULL = Json.utf8("null");
    private static final byte[] STOP = Json.utf8("\"stop\"");
    private static final byte[] LENGTH = Json.utf8("\"length\"");

    private OpenAiFrames() {}

    /** Renders {@code {"id":…,"object":…,"created":…,"model":…}} without its end. */
    static byte[] head(String idPrefix, String object, Completion completion) {
        return Json.utf8(
                "{\"id\":"
                        + Json.quoted(idPrefix + completion.id())
                        + ",\"object\":\""
                        + object
                        + "\",\"created\":"
                        + completion.createdSeconds()
                        + ",\"model\":"
                        + Json.quoted(completion.model()));
    }

    /** Writes a frame for each token; {@code prefix} and {@code suffix} are around its text. */
    static void tokens(
            ChunkWriter chunks, Completion completion, Choice choice, int end, byte[] suffix) {
        Answer answer = choice.answer();
        for (int token = choice.written(); token < end; token++) {
            choice.written(token + 1);
            Bytes out = chunks.begin();
            out.writeBytes(choice.framePrefix);
            Json.escape(out, answer.utf8(), answer.startOf(token), answer.endOf(token));
            out.writeBytes(suffix);
            out.writeBytes(choice.isWritten() ? finish(answer) : NULL);
            endChoice(out, completion, choice.isWritten());
            chunks.end();
        }
    }

    static byte[] finish(Answer answer) {
        return switch (answer.finish()) {
            case STOP -> STOP;
            case LENGTH -> LENGTH;
        };
    }

    /** Ends a frame after a choice's finish reason. */
    static void endChoice(Bytes out, Completion completion, boolean last) {
        out.writeBytes(last ? LAST_CHOICE_END : CHOICE_END);
        if (completion.request().continuousUsage()) {
            out.writeBytes(USAGE);
            UsageJson.write(out, completion, completion.writtenTokens());
        }
        out.writeByte('}').writeBytes(FRAME_END);
    }

    private static final byte[] CHOICE_END = Json.utf8("}]");
    private static final byte[] LAST_CHOICE_END = Json.utf8(",\"stop_reason\":null}]");

    /** Writes the usage, if it is wanted, and the end. */
    static void end(ChunkWriter chunks, Completion completion, byte[] head) {
        if (completion.request().includeUsage()) {
            Bytes out = chunks.begin();
            out.writeBytes(DATA).writeBytes(head).writeBytes(NO_CHOICES).writeBytes(USAGE);
            UsageJson.write(out, completion, completion.generatedTokens());
            out.writeByte('}').writeBytes(FRAME_END);
            chunks.end();
        }
        chunks.begin().writeBytes(DONE);
        chunks.end();
    }

    /** Writes {@code ,"usage":…} with all tokens. */
    static void usage(Bytes out, Completion completion) {
        out.writeBytes(USAGE);
        UsageJson.write(out, completion, completion.generatedTokens());
    }

    /** Writes an answer's text into a JSON string. */
    static void text(Bytes out, Choice choice) {
        Answer answer = choice.answer();
        Json.escape(out, answer.utf8(), 0, answer.length());
    }

    static void index(Bytes out, Choice choice) {
        out.writeDecimal(choice.index());
    }
}

package io.weir.simulator.wire;

import io.weir.simulator.http.Bytes;
import io.weir.simulator.http.ChunkWriter;

/**
 * {@code /v1/messages}, the Anthropic API. Cached tokens are counted apart from other input tokens,
 * as there.
 */
public final class MessagesFormat implements WireFormat {

    private static final byte[] DELTA =
            Json.utf8(
                    EventFrames.head("content_block_delta")
                            + ",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"");
    private static final byte[] DELTA_END = Json.utf8("\"}}");

    @Override
    public void whole(Bytes out, Completion completion) {
        Choice choice = completion.choices().getFirst();
        String content = "{\"type\":\"text\",\"text\":" + Json.quoted(choice.answer().text()) + "}";
        String reason = "\"" + stopReason(choice) + "\"";
        out.writeBytes(Json.utf8(message(completion, content, reason, choice.generated())));
    }

    @Override
    public void begin(ChunkWriter chunks, Completion completion) {
        EventFrames.write(
                chunks, "message_start", ",\"message\":" + message(completion, "", "null", 0));
        EventFrames.write(
                chunks,
                "content_block_start",
                ",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}");
        EventFrames.write(chunks, "ping", "");
    }

    @Override
    public void tokens(ChunkWriter chunks, Completion completion, Choice choice, int end) {
        for (int token = choice.written(); token < end; token++) {
            choice.written(token + 1);
            EventFrames.token(chunks, DELTA, choice.answer(), token, DELTA_END);
        }
    }

    @Override
    public void end(ChunkWriter chunks, Completion completion) {
        Choice choice = completion.choices().getFirst();
        EventFrames.write(chunks, "content_block_stop", ",\"index\":0");
        EventFrames.write(
                chunks,
                "message_delta",
                ",\"delta\":{\"stop_reason\":\""
                        + stopReason(choice)
                        + "\",\"stop_sequence\":null},\"usage\":"
                        + usage(completion, choice.generated()));
        EventFrames.write(chunks, "message_stop", "");
    }

    private static String message(
            Completion completion, String content, String stopReason, int outputTokens) {
        return "{\"id\":"
                + Json.quoted("msg_" + completion.id())
                + ",\"type\":\"message\",\"role\":\"assistant\",\"content\":["
                + content
                + "],\"model\":"
                + Json.quoted(completion.model())
                + ",\"stop_reason\":"
                + stopReason
                + ",\"stop_sequence\":null,\"usage\":"
                + usage(completion, outputTokens)
                + "}";
    }

    private static String stopReason(Choice choice) {
        return switch (choice.answer().finish()) {
            case STOP -> "end_turn";
            case LENGTH -> "max_tokens";
        };
    }

    private static String usage(Completion completion, int outputTokens) {
        int cached = completion.cachedTokens();
        return "{\"input_tokens\":"
                + (completion.promptTokens() - cached)
                + ",\"cache_creation_input_tokens\":0,\"cache_read_input_tokens\":"
                + cached
                + ",\"output_tokens\":"
                + outputTokens
                + "}";
    }
}

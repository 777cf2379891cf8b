package io.weir.simulator.wire;

import io.weir.simulator.http.Bytes;
import io.weir.simulator.http.ChunkWriter;

/** {@code /v1/chat/completions}. */
public final class ChatFormat implements WireFormat {

    private static final String ID = "chatcmpl-";
    private static final String CHUNK = "chat.completion.chunk";

    private static final byte[] CHOICES = Json.utf8(",\"choices\":[");
    private static final byte[] INDEX = Json.utf8("{\"index\":");
    private static final byte[] MESSAGE =
            Json.utf8(",\"message\":{\"role\":\"assistant\",\"content\":\"");
    private static final byte[] AFTER_CONTENT =
            Json.utf8(
                    "\",\"refusal\":null,\"annotations\":null,\"audio\":null,\"function_call\":null,"
                            + "\"tool_calls\":[],\"reasoning\":null},\"logprobs\":null,"
                            + "\"finish_reason\":");
    private static final byte[] CHOICE_END = Json.utf8(",\"stop_reason\":null,\"token_ids\":null}");
    private static final byte[] CHOICES_END =
            Json.utf8("],\"service_tier\":null,\"system_fingerprint\":null");
    private static final byte[] END =
            Json.utf8(
                    ",\"prompt_logprobs\":null,\"prompt_token_ids\":null,"
                            + "\"kv_transfer_params\":null}");
    private static final byte[] SUFFIX = Json.utf8("\"},\"logprobs\":null,\"finish_reason\":");

    @Override
    public void whole(Bytes out, Completion completion) {
        out.writeBytes(OpenAiFrames.head(ID, "chat.completion", completion)).writeBytes(CHOICES);
        for (Choice choice : completion.choices()) {
            if (choice.index() > 0) {
                out.writeByte(',');
            }
            out.writeBytes(INDEX);
            OpenAiFrames.index(out, choice);
            out.writeBytes(MESSAGE);
            OpenAiFrames.text(out, choice);
            out.writeBytes(AFTER_CONTENT).writeBytes(OpenAiFrames.finish(choice.answer()));
            out.writeBytes(CHOICE_END);
        }
        out.writeBytes(CHOICES_END);
        OpenAiFrames.usage(out, completion);
        out.writeBytes(END);
    }

    @Override
    public void begin(ChunkWriter chunks, Completion completion) {
        String head = "data: " + Json.text(OpenAiFrames.head(ID, CHUNK, completion));
        for (Choice choice : completion.choices()) {
            String delta = head + ",\"choices\":[{\"index\":" + choice.index() + ",\"delta\":{";
            choice.framePrefix = Json.utf8(delta + "\"content\":\"");
            Bytes out = chunks.begin();
            out.writeBytes(
                    Json.utf8(
                            delta
                                    + "\"role\":\"assistant\",\"content\":\"\"},\"logprobs\":null,"
                                    + "\"finish_reason\":null"));
            OpenAiFrames.endChoice(out, completion, false);
            chunks.end();
        }
    }

    @Override
    public void tokens(ChunkWriter chunks, Completion completion, Choice choice, int end) {
        OpenAiFrames.tokens(chunks, completion, choice, end, SUFFIX);
    }

    @Override
    public void end(ChunkWriter chunks, Completion completion) {
        OpenAiFrames.end(chunks, completion, OpenAiFrames.head(ID, CHUNK, completion));
    }
}

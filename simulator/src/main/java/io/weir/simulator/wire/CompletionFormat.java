package io.weir.simulator.wire;

import io.weir.simulator.http.Bytes;
import io.weir.simulator.http.ChunkWriter;

/** {@code /v1/completions}. */
public final class CompletionFormat implements WireFormat {

    private static final String ID = "cmpl-";
    private static final String OBJECT = "text_completion";

    private static final byte[] CHOICES = Json.utf8(",\"choices\":[");
    private static final byte[] INDEX = Json.utf8("{\"index\":");
    private static final byte[] TEXT = Json.utf8(",\"text\":\"");
    private static final byte[] SUFFIX = Json.utf8("\",\"logprobs\":null,\"finish_reason\":");
    private static final byte[] CHOICE_END =
            Json.utf8(",\"stop_reason\":null,\"prompt_logprobs\":null}");
    private static final byte[] END =
            Json.utf8(
                    ",\"service_tier\":null,\"system_fingerprint\":null,"
                            + "\"kv_transfer_params\":null}");

    @Override
    public void whole(Bytes out, Completion completion) {
        out.writeBytes(OpenAiFrames.head(ID, OBJECT, completion)).writeBytes(CHOICES);
        for (Choice choice : completion.choices()) {
            if (choice.index() > 0) {
                out.writeByte(',');
            }
            out.writeBytes(INDEX);
            OpenAiFrames.index(out, choice);
            out.writeBytes(TEXT);
            OpenAiFrames.text(out, choice);
            out.writeBytes(SUFFIX).writeBytes(OpenAiFrames.finish(choice.answer()));
            out.writeBytes(CHOICE_END);
        }
        out.writeByte(']');
        OpenAiFrames.usage(out, completion);
        out.writeBytes(END);
    }

    @Override
    public void begin(ChunkWriter chunks, Completion completion) {
        String head = "data: " + Json.text(OpenAiFrames.head(ID, OBJECT, completion));
        for (Choice choice : completion.choices()) {
            choice.framePrefix =
                    Json.utf8(head + ",\"choices\":[{\"index\":" + choice.index() + ",\"text\":\"");
        }
    }

    @Override
    public void tokens(ChunkWriter chunks, Completion completion, Choice choice, int end) {
        OpenAiFrames.tokens(chunks, completion, choice, end, SUFFIX);
    }

    @Override
    public void end(ChunkWriter chunks, Completion completion) {
        OpenAiFrames.end(chunks, completion, OpenAiFrames.head(ID, OBJECT, completion));
    }
}

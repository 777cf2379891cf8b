package io.weir.simulator.wire;

import io.weir.simulator.http.Bytes;
import io.weir.simulator.http.ChunkWriter;

/**
 * {@code /v1/responses}: one message with one part of text. The number of each event is its place
 * in the stream: four events come before the first token.
 */
public final class ResponsesFormat implements WireFormat {

    private static final int EVENTS_BEFORE_TOKENS = 4;

    @Override
    public void whole(Bytes out, Completion completion) {
        out.writeBytes(Json.utf8(response(completion, true)));
    }

    @Override
    public void begin(ChunkWriter chunks, Completion completion) {
        Choice choice = completion.choices().getFirst();
        choice.framePrefix =
                Json.utf8(
                        EventFrames.head("response.output_text.delta")
                                + part(completion)
                                + ",\"logprobs\":[],\"delta\":\"");
        String response = ",\"response\":" + response(completion, false);
        event(chunks, "response.created", 0, response);
        event(chunks, "response.in_progress", 1, response);
        String item = ",\"output_index\":0,\"item\":" + message(completion, "in_progress", "");
        event(chunks, "response.output_item.added", 2, item);
        event(chunks, "response.content_part.added", 3, part(completion) + ",\"part\":" + text(""));
    }

    @Override
    public void tokens(ChunkWriter chunks, Completion completion, Choice choice, int end) {
        for (int token = choice.written(); token < end; token++) {
            choice.written(token + 1);
            byte[] suffix = Json.utf8("\"" + number(EVENTS_BEFORE_TOKENS + token) + "}");
            EventFrames.token(chunks, choice.framePrefix, choice.answer(), token, suffix);
        }
    }

    @Override
    public void end(ChunkWriter chunks, Completion completion) {
        Choice choice = completion.choices().getFirst();
        int next = EVENTS_BEFORE_TOKENS + choice.generated();
        String said = said(choice);
        event(
                chunks,
                "response.output_text.done",
                next,
                part(completion) + ",\"logprobs\":[],\"text\":" + Json.quoted(said));
        event(
                chunks,
                "response.content_part.done",
                next + 1,
                part(completion) + ",\"part\":" + text(said));
        String item =
                ",\"output_index\":0,\"item\":" + message(completion, status(choice), text(said));
        event(chunks, "response.output_item.done", next + 2, item);
        String last =
                status(choice).equals("completed") ? "response.completed" : "response.incomplete";
        event(chunks, last, next + 3, ",\"response\":" + response(completion, true));
    }

    private static void event(ChunkWriter chunks, String event, int number, String rest) {
        EventFrames.write(chunks, event, rest + number(number));
    }

    private static String number(int number) {
        return ",\"sequence_number\":" + number;
    }

    private static String part(Completion completion) {
        return ",\"item_id\":"
                + Json.quoted("msg_" + completion.id())
                + ",\"output_index\":0,\"content_index\":0";
    }

    private static String response(Completion completion, boolean done) {
        Choice choice = completion.choices().getFirst();
        String status = done ? status(choice) : "in_progress";
        String details =
                status.equals("incomplete") ? "{\"reason\":\"max_output_tokens\"}" : "null";
        String output = done ? message(completion, status, text(said(choice))) : "";
        return "{\"id\":"
                + Json.quoted("resp_" + completion.id())
                + ",\"object\":\"response\",\"created_at\":"
                + completion.createdSeconds()
                + ",\"status\":\""
                + status
                + "\",\"error\":null,\"incomplete_details\":"
                + details
                + ",\"model\":"
                + Json.quoted(completion.model())
                + ",\"output\":["
                + output
                + "],\"parallel_tool_calls\":true,\"tool_choice\":\"auto\",\"tools\":[],\"usage\":"
                + (done ? usage(completion) : "null")
                + "}";
    }

    private static String message(Completion completion, String status, String content) {
        return "{\"type\":\"message\",\"id\":"
                + Json.quoted("msg_" + completion.id())
                + ",\"role\":\"assistant\",\"status\":\""
                + status
                + "\",\"content\":["
                + content
                + "]}";
    }

    private static String text(String said) {
        return "{\"type\":\"output_text\",\"text\":"
                + Json.quoted(said)
                + ",\"annotations\":[],\"logprobs\":null}";
    }

    private static String said(Choice choice) {
        return choice.answer().text();
    }

    private static String status(Choice choice) {
        return switch (choice.answer().finish()) {
            case STOP -> "completed";
            case LENGTH -> "incomplete";
        };
    }

    private static String usage(Completion completion) {
        int prompt = completion.promptTokens();
        int generated = completion.generatedTokens();
        return "{\"input_tokens\":"
                + prompt
                + ",\"input_tokens_details\":{\"cached_tokens\":"
                + completion.cachedTokens()
                + "},\"output_tokens\":"
                + generated
                + ",\"output_tokens_details\":{\"reasoning_tokens\":0},\"total_tokens\":"
                + (prompt + generated)
                + "}";
    }
}

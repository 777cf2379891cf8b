package io.weir.simulator.wire;

import io.weir.simulator.http.Bytes;
import io.weir.simulator.http.ChunkWriter;
import io.weir.simulator.text.Answer;

/** Server-sent events with names. */
final class EventFrames {

    private static final byte[] FRAME_END = Json.utf8("\n\n");

    private EventFrames() {}

    /** Returns the beginning of an event whose data is an object that begins with its type. */
    static String head(String event) {
        return "event: " + event + "\ndata: {\"type\":\"" + event + "\"";
    }

    /** Writes an event; {@code rest} is what follows its type, without the last brace. */
    static void write(ChunkWriter chunks, String event, String rest) {
        chunks.begin().writeBytes(Json.utf8(head(event) + rest + "}\n\n"));
        chunks.end();
    }

    /** Writes an event around the text of one token. */
    static void token(ChunkWriter chunks, byte[] prefix, Answer answer, int token, byte[] suffix) {
        Bytes out = chunks.begin();
        out.writeBytes(prefix);
        Json.escape(out, answer.utf8(), answer.startOf(token), answer.endOf(token));
        out.writeBytes(suffix).writeBytes(FRAME_END);
        chunks.end();
    }
}

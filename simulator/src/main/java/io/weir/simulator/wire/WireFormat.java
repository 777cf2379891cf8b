package io.weir.simulator.wire;

import io.weir.simulator.http.Bytes;
import io.weir.simulator.http.ChunkWriter;

/** How one API writes answers. Implementations have no state. */
public sealed interface WireFormat
        permits ChatFormat, CompletionFormat, ResponsesFormat, MessagesFormat {

    /** Content type of whole answers. */
    String JSON = "application/json";

    /** Content type of streams. */
    String EVENT_STREAM = "text/event-stream; charset=utf-8";

    /** Writes a whole answer. */
    void whole(Bytes out, Completion completion);

    /** Writes the frames before the first token. */
    void begin(ChunkWriter chunks, Completion completion);

    /** Writes the tokens of a choice from {@link Choice#written()} to a token, without that one. */
    void tokens(ChunkWriter chunks, Completion completion, Choice choice, int end);

    /** Writes the frames after the last token. */
    void end(ChunkWriter chunks, Completion completion);
}

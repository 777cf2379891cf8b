package io.weir.extproc.picker;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;

import io.weir.body.Usage;

import java.io.IOException;

/**
 * Reads usage from the gRPC answers of vLLM's engine in passing. Of each frame, only the token
 * counts are read: those of the chunk or end of a {@code GenerateResponse}, the prompt's of an
 * {@code EmbedResponse}. What is compressed, too long or something else stays unknown.
 *
 * <p>Used by one thread at a time.
 */
final class GrpcUsageReader {

    private static final int PREFIX_BYTES = 5;
    private static final int MOST_FRAME_BYTES = 1 << 20;

    /* GenerateResponse. */
    private static final int CHUNK = 1;
    private static final int COMPLETE = 2;

    /* EmbedResponse. */
    private static final int PROMPT_TOKENS = 2;

    private final EngineMethod method;
    private ByteString pending = ByteString.EMPTY;
    private long toSkip;
    private int frames;
    private long prompt = -1;
    private long completion = -1;
    private long cached = -1;

    GrpcUsageReader(EngineMethod method) {
        this.method = method;
    }

    void feed(ByteString piece) {
        long skipped = Math.min(toSkip, piece.size());
        toSkip -= skipped;
        pending = pending.concat(piece.substring((int) skipped));
        while (toSkip == 0 && pending.size() >= PREFIX_BYTES && next()) {
            frames++;
        }
    }

    /** Reads a frame; returns false when its end has not come. */
    private boolean next() {
        long length =
                (pending.byteAt(1) & 0xffL) << 24
                        | (pending.byteAt(2) & 0xffL) << 16
                        | (pending.byteAt(3) & 0xffL) << 8
                        | (pending.byteAt(4) & 0xffL);
        long end = PREFIX_BYTES + length;
        if (length > MOST_FRAME_BYTES) {
            toSkip = Math.max(0, end - pending.size());
            pending = pending.substring((int) Math.min(end, pending.size()));
            return true;
        }
        if (pending.size() < end) {
            return false;
        }
        boolean plain = pending.byteAt(0) == 0;
        ByteString message = pending.substring(PREFIX_BYTES, (int) end);
        pending = pending.substring((int) end);
        if (plain) {
            read(message);
        }
        return true;
    }

    private void read(ByteString message) {
        try {
            CodedInputStream in = message.newCodedInput();
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                boolean known =
                        switch (method) {
                            case GENERATE -> generated(in, tag);
                            case EMBED -> embedded(in, tag);
                        };
                if (!known && !in.skipField(tag)) {
                    return;
                }
            }
        } catch (IOException notWhatWeThought) {
            // Unknown, as the class says.
        }
    }

    private boolean generated(CodedInputStream in, int tag) throws IOException {
        int field = WireFormat.getTagFieldNumber(tag);
        boolean nested = WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
        if (!nested || (field != CHUNK && field != COMPLETE)) {
            return false;
        }
        // A chunk's counts stand one field before those of the end.
        counts(in.readBytes(), field == CHUNK ? 2 : 3);
        return true;
    }

    private boolean embedded(CodedInputStream in, int tag) throws IOException {
        boolean counts = WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_VARINT;
        if (!counts || WireFormat.getTagFieldNumber(tag) != PROMPT_TOKENS) {
            return false;
        }
        prompt = in.readUInt64();
        return true;
    }

    private void counts(ByteString part, int first) throws IOException {
        CodedInputStream in = part.newCodedInput();
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            int which = WireFormat.getTagFieldNumber(tag) - first;
            boolean counts = WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_VARINT;
            if (!counts || which < 0 || which > 2) {
                if (!in.skipField(tag)) {
                    return;
                }
                continue;
            }
            long value = in.readUInt64();
            switch (which) {
                case 0 -> prompt = value;
                case 1 -> completion = value;
                default -> cached = value;
            }
        }
    }

    /** Returns what was reported so far. */
    Usage usage() {
        return switch (method) {
            case GENERATE -> {
                long total = prompt < 0 || completion < 0 ? -1 : prompt + completion;
                yield new Usage(prompt, completion, total, cached);
            }
            case EMBED -> new Usage(prompt, -1, prompt, -1);
        };
    }

    /** Returns how many messages came. */
    int frames() {
        return frames;
    }
}

package io.weir.extproc.picker;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Messages of vLLM's gRPC engine, field by field, and their frames. */
final class EngineMessages {

    interface Fields {
        void write(CodedOutputStream out) throws IOException;
    }

    static ByteString message(Fields fields) {
        ByteString.Output bytes = ByteString.newOutput();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            fields.write(out);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteString();
    }

    static ByteString frame(ByteString message) {
        return frame(0, message);
    }

    static ByteString frame(int compressed, ByteString message) {
        int size = message.size();
        byte[] prefix = {
            (byte) compressed,
            (byte) (size >>> 24),
            (byte) (size >>> 16),
            (byte) (size >>> 8),
            (byte) size
        };
        return ByteString.copyFrom(prefix).concat(message);
    }

    /** {@code TokenizedInput}: a text for readers, then the tokens, packed. */
    static ByteString tokenized(int... tokens) {
        ByteString packed =
                message(out -> {
                    for (int token : tokens) {
                        out.writeUInt32NoTag(token);
                    }
                });
        return message(out -> {
            out.writeString(1, "what it was");
            out.writeBytes(2, packed);
        });
    }

    /** A {@code GenerateRequest} with tokens. */
    static ByteString generate(boolean stream, int... tokens) {
        return message(out -> {
            out.writeString(1, "id");
            out.writeBytes(2, tokenized(tokens));
            out.writeBytes(4, message(sampling -> sampling.writeUInt32(8, 100)));
            out.writeBool(5, stream);
        });
    }

    /** A {@code GenerateRequest} with a text. */
    static ByteString generate(String text) {
        return message(out -> out.writeString(3, text));
    }

    /** An {@code EmbedRequest}. */
    static ByteString embed(int... tokens) {
        return message(out -> {
            out.writeString(1, "id");
            out.writeBytes(2, tokenized(tokens));
        });
    }

    /** An {@code EmbedResponse}. */
    static ByteString embedding(int dimensions, int promptTokens) {
        return message(out -> {
            ByteString floats =
                    message(packed -> {
                        for (int i = 0; i < dimensions; i++) {
                            packed.writeFloatNoTag(i * 0.37f);
                        }
                    });
            out.writeBytes(1, floats);
            out.writeUInt32(2, promptTokens);
            out.writeUInt32(3, dimensions);
        });
    }

    /** As many tokens, counted up from the first. */
    static int[] tokens(int first, int count) {
        int[] tokens = new int[count];
        for (int i = 0; i < count; i++) {
            tokens[i] = first + i;
        }
        return tokens;
    }

    private EngineMessages() {}
}

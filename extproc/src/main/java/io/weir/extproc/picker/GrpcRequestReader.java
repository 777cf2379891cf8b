package io.weir.extproc.picker;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;

import io.weir.picker.SentRequest;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads requests to vLLM's gRPC engine: {@code GenerateRequest} and {@code EmbedRequest}, one frame
 * each. They name no model. A prompt is text, whose tokens are estimated as a quarter of its bytes,
 * or a list of tokens, of which each is told as four bytes, so that prompts are compared by tokens.
 * What is compressed or no such message tells nothing: the server knows what to answer to it.
 */
final class GrpcRequestReader {

    private static final int PREFIX_BYTES = 5;
    private static final int BYTES_PER_TEXT_TOKEN = 4;

    /** Tokens after these only count. */
    private static final int MOST_TOKENS = 1 << 20;

    /* Fields of both requests; those of the other messages stand where they are read. */
    private static final int TOKENIZED = 2;
    private static final int TEXT = 3;
    private static final int SAMPLING = 4;
    private static final int STREAM = 5;
    private static final int MEDIA = 7;

    private final EngineMethod method;
    private final List<ByteBuffer> text = new ArrayList<>(1);
    private final List<ByteBuffer> media = new ArrayList<>(0);
    private int textBytes;
    private int[] tokens = {};
    private int count;
    private long maxTokens = -1;
    private boolean stream;
    private boolean hasMedia;

    private GrpcRequestReader(EngineMethod method) {
        this.method = method;
    }

    /** Returns what a request tells. */
    static Told read(String path, ByteString body) {
        EngineMethod method = EngineMethod.of(path);
        ByteString message = method == null ? null : message(body);
        if (method == null || message == null) {
            return Told.NOTHING;
        }
        GrpcRequestReader reader = new GrpcRequestReader(method);
        try {
            reader.request(message.newCodedInput());
            return reader.told(path);
        } catch (IOException noSuchMessage) {
            return Told.NOTHING;
        }
    }

    private static @Nullable ByteString message(ByteString body) {
        if (body.size() < PREFIX_BYTES || body.byteAt(0) != 0) {
            return null;
        }
        long length = body.substring(1, PREFIX_BYTES).asReadOnlyByteBuffer().getInt() & 0xffffffffL;
        long end = PREFIX_BYTES + length;
        return end > body.size() ? null : body.substring(PREFIX_BYTES, (int) end);
    }

    private void request(CodedInputStream in) throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            boolean nested = isNested(tag);
            boolean generates = method == EngineMethod.GENERATE;
            int field = WireFormat.getTagFieldNumber(tag);
            if (field == TOKENIZED && nested) {
                tokenized(in.readBytes().newCodedInput());
            } else if (field == TEXT && nested && generates) {
                text(in.readBytes());
            } else if (field == SAMPLING && nested && generates) {
                sampling(in.readBytes().newCodedInput());
            } else if (field == STREAM && isNumber(tag) && generates) {
                stream = in.readBool();
            } else if (field == MEDIA && nested && generates) {
                media(in.readBytes().newCodedInput());
            } else {
                skip(in, tag);
            }
        }
    }

    private void text(ByteString prompt) {
        text.addAll(prompt.asReadOnlyByteBufferList());
        textBytes = prompt.size();
    }

    /** {@code TokenizedInput.input_ids}, packed or not. */
    private void tokenized(CodedInputStream in) throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            boolean isIds = WireFormat.getTagFieldNumber(tag) == 2;
            if (isIds && isNested(tag)) {
                CodedInputStream packed = in.readBytes().newCodedInput();
                while (!packed.isAtEnd()) {
                    add(packed.readUInt32());
                }
            } else if (isIds && isNumber(tag)) {
                add(in.readUInt32());
            } else {
                skip(in, tag);
            }
        }
    }

    private void add(int token) {
        if (count < MOST_TOKENS) {
            if (count == tokens.length) {
                tokens = Arrays.copyOf(tokens, Math.max(512, 2 * count));
            }
            tokens[count] = token;
        }
        count++;
    }

    /** {@code SamplingParams.max_tokens}. */
    private void sampling(CodedInputStream in) throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (WireFormat.getTagFieldNumber(tag) == 8 && isNumber(tag)) {
                maxTokens = in.readUInt32() & 0xffffffffL;
            } else {
                skip(in, tag);
            }
        }
    }

    /** {@code MultimodalInputs.mm_hashes}. */
    private void media(CodedInputStream in) throws IOException {
        hasMedia = true;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (WireFormat.getTagFieldNumber(tag) == 6 && isNested(tag)) {
                media.add(in.readBytes().asReadOnlyByteBuffer());
            } else {
                skip(in, tag);
            }
        }
    }

    private static boolean isNested(int tag) {
        return WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
    }

    private static boolean isNumber(int tag) {
        return WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_VARINT;
    }

    private static void skip(CodedInputStream in, int tag) throws IOException {
        if (!in.skipField(tag)) {
            throw new IOException("a group ends that did not begin");
        }
    }

    private Told told(String path) {
        if (count == 0) {
            long estimate = (textBytes + BYTES_PER_TEXT_TOKEN - 1L) / BYTES_PER_TEXT_TOKEN;
            return new Told(text, estimate, maxTokens, stream, media, null);
        }
        int[] known = Arrays.copyOf(tokens, Math.min(count, MOST_TOKENS));
        ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES * known.length);
        bytes.asIntBuffer().put(known);
        // A server's blocks with images in them differ though their tokens are the same.
        SentRequest sent = hasMedia ? null : new SentTokens(path, known);
        return new Told(List.of(bytes), count, maxTokens, stream, media, sent);
    }

    /** A request that has its tokens. */
    @SuppressWarnings("ArrayRecordComponent")
    private record SentTokens(String path, int[] tokens) implements SentRequest {

        /** Nobody has to be asked about it. */
        @Override
        public List<ByteBuffer> body(@Nullable String model) {
            return List.of();
        }

        @Override
        public @Nullable String cacheSalt() {
            return null;
        }
    }
}

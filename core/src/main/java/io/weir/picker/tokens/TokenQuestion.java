package io.weir.picker.tokens;

import com.dynatrace.hash4j.hashing.ByteAccess;
import com.dynatrace.hash4j.hashing.HashStream64;
import com.dynatrace.hash4j.hashing.Hashing;

import io.weir.picker.Endpoint;
import io.weir.picker.PickRequest;
import io.weir.picker.SentRequest;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** What is asked about one prompt. Views of the request's body are in it; see its validity. */
public final class TokenQuestion {

    private static final int MOST_BODY_BYTES = 8 << 20;
    private static final String CHAT = "/chat/completions";
    private static final String COMPLETIONS = "/completions";
    private static final ByteAccess<ByteBuffer> BIG =
            ByteAccess.forByteBuffer(ByteOrder.BIG_ENDIAN);
    private static final ByteAccess<ByteBuffer> LITTLE =
            ByteAccess.forByteBuffer(ByteOrder.LITTLE_ENDIAN);

    private final Tokenizing how;
    private final List<ByteBuffer> body;
    private final boolean isChat;
    private final String adapter;
    private final String cacheSalt;
    private final int blockTokens;
    private final int maxBlocks;
    private final @Nullable String authorization;
    private final Key key;

    /** What makes two questions the same. */
    record Key(long hash, int bytes) {}

    private TokenQuestion(
            Tokenizing how,
            List<ByteBuffer> body,
            int bytes,
            boolean isChat,
            String adapter,
            String cacheSalt,
            int blockTokens,
            int maxBlocks,
            @Nullable String authorization) {
        this.how = how;
        this.body = body;
        this.isChat = isChat;
        this.adapter = adapter;
        this.cacheSalt = cacheSalt;
        this.blockTokens = blockTokens;
        this.maxBlocks = maxBlocks;
        this.authorization = authorization;
        this.key = new Key(hash(body, isChat, adapter, blockTokens), bytes);
    }

    /**
     * Returns what to ask about a request; null when it is none that could be asked about.
     *
     * @param adapter LoRA adapter that the request is for; empty for the base model
     * @param blockTokens tokens in a block
     * @param maxBlocks most blocks that are looked at
     */
    public static @Nullable TokenQuestion of(
            PickRequest request, Tokenizing how, String adapter, int blockTokens, int maxBlocks) {
        SentRequest sent = request.details().sent();
        if (sent == null) {
            return null;
        }
        String path = sent.path();
        boolean isChat = path.endsWith(CHAT);
        if (!isChat && !path.endsWith(COMPLETIONS)) {
            return null;
        }
        String model = how.model() == null ? request.model() : how.model();
        List<ByteBuffer> body = sent.body(model);
        int bytes = length(body);
        if (bytes == 0 || bytes > MOST_BODY_BYTES) {
            return null;
        }
        String salt = sent.cacheSalt();
        return new TokenQuestion(
                how,
                body,
                bytes,
                isChat,
                adapter,
                salt == null ? "" : salt,
                blockTokens,
                maxBlocks,
                request.details().headers().get("authorization"));
    }

    Tokenizing how() {
        return how;
    }

    Key key() {
        return key;
    }

    String adapter() {
        return adapter;
    }

    String cacheSalt() {
        return cacheSalt;
    }

    int blockTokens() {
        return blockTokens;
    }

    int maxBlocks() {
        return maxBlocks;
    }

    /** Returns where to ask. */
    URI uri(Endpoint server) {
        URI renderer = how.renderer();
        if (renderer == null) {
            return URI.create("http://" + server.authority() + how.path());
        }
        String base = renderer.toString();
        base = base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
        return URI.create(base + "/v1" + (isChat ? CHAT : COMPLETIONS) + "/render");
    }

    /** Returns the client's credentials, which only the pool's own servers get; else null. */
    @Nullable String authorization() {
        return how.renderer() == null ? authorization : null;
    }

    /** Returns a copy of the body. */
    byte[] bytes() {
        byte[] copy = new byte[key.bytes];
        int at = 0;
        for (ByteBuffer part : body) {
            int length = part.remaining();
            part.get(part.position(), copy, at, length);
            at += length;
        }
        return copy;
    }

    private static int length(List<ByteBuffer> parts) {
        long bytes = 0;
        for (ByteBuffer part : parts) {
            bytes += part.remaining();
        }
        return (int) Math.min(Integer.MAX_VALUE, bytes);
    }

    private static long hash(
            List<ByteBuffer> body, boolean isChat, String adapter, int blockTokens) {
        HashStream64 hash = Hashing.xxh3_64().hashStream();
        hash.putBoolean(isChat).putString(adapter).putInt(blockTokens);
        for (ByteBuffer part : body) {
            boolean isLittle = part.order() == ByteOrder.LITTLE_ENDIAN;
            hash.putBytes(part, part.position(), part.remaining(), isLittle ? LITTLE : BIG);
        }
        return hash.getAsLong();
    }
}

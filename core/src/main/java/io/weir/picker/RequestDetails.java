package io.weir.picker;

import io.weir.picker.prefix.TokenChain;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * What some plugins want to know of a request, beyond what all pickers do.
 *
 * @param requestId identifies the request; empty when nobody gave it an id
 * @param receivedNanos when its head came, on the pool's clock; 0 when nobody noted it
 * @param bodyBytes length of its body
 * @param streamed whether the answer is to come piece by piece
 * @param headers its headers
 * @param media URLs of images, audio and video in the prompt, as written; views like those of the
 *     prompt
 * @param sent the request as servers get it; null when that is not known
 * @param tokens the prompt's tokens, hashed; null when they are not known
 */
public record RequestDetails(
        String requestId,
        long receivedNanos,
        long bodyBytes,
        boolean streamed,
        RequestHeaders headers,
        List<ByteBuffer> media,
        @Nullable SentRequest sent,
        @Nullable TokenChain tokens) {

    /** Nothing is known. */
    public static final RequestDetails NONE =
            new RequestDetails("", 0, 0, false, RequestHeaders.NONE, List.of());

    /** Details of a request that servers can't be asked about. */
    public RequestDetails(
            String requestId,
            long receivedNanos,
            long bodyBytes,
            boolean streamed,
            RequestHeaders headers,
            List<ByteBuffer> media) {
        this(requestId, receivedNanos, bodyBytes, streamed, headers, media, null, null);
    }

    /** Returns the details with the request as servers get it. */
    public RequestDetails withSent(@Nullable SentRequest request) {
        return new RequestDetails(
                requestId, receivedNanos, bodyBytes, streamed, headers, media, request, tokens);
    }

    /** Returns the details with the prompt's tokens. */
    public RequestDetails withTokens(@Nullable TokenChain known) {
        return new RequestDetails(
                requestId, receivedNanos, bodyBytes, streamed, headers, media, sent, known);
    }
}

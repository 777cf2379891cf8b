package io.weir.picker;

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
 */
public record RequestDetails(
        String requestId,
        long receivedNanos,
        long bodyBytes,
        boolean streamed,
        RequestHeaders headers,
        List<ByteBuffer> media) {

    /** Nothing is known. */
    public static final RequestDetails NONE =
            new RequestDetails("", 0, 0, false, RequestHeaders.NONE, List.of());
}

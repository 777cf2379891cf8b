package io.weir.extproc.picker;

import io.weir.body.BodyFacts;
import io.weir.extproc.wire.BodyBuffer;
import io.weir.picker.SentRequest;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * What a request's body tells the picker.
 *
 * @param prompt the prompt's bytes
 * @param promptTokens its tokens, counted or estimated
 * @param maxTokens limit of the answer in tokens; -1 when unknown
 * @param stream whether the answer is to come piece by piece
 * @param media what images stand for, one entry each
 * @param sent the request as servers get it; null when they can't be asked about it
 */
record Told(
        List<ByteBuffer> prompt,
        long promptTokens,
        long maxTokens,
        boolean stream,
        List<ByteBuffer> media,
        @Nullable SentRequest sent) {

    /** Of a request that is not read. */
    static final Told NOTHING = new Told(List.of(), 0, -1, false, List.of(), null);

    /**
     * Of a JSON request.
     *
     * @param sent the request as servers get it; null when only its beginning came
     */
    static Told json(BodyBuffer body, BodyFacts facts, @Nullable SentRequest sent) {
        return new Told(
                body.views(facts.promptRanges()),
                facts.promptTokensEstimate(),
                facts.maxTokens(),
                facts.stream(),
                List.of(),
                sent);
    }
}

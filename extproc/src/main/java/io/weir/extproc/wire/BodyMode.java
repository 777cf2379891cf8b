package io.weir.extproc.wire;

import io.envoyproxy.envoy.extensions.filters.http.ext_proc.v3.ProcessingMode.BodySendMode;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingRequest;

/** How Envoy sends bodies, which decides when headers may be answered and in what form. */
public enum BodyMode {
    /** The headers are answered when the body has come; the body is sent back in pieces. */
    DUPLEX,
    /** Envoy waits for the answer to the headers; the body comes whole and is answered whole. */
    BUFFERED,
    /** Like {@link #BUFFERED}, but of a large body only the beginning comes; the rest passes by. */
    PARTIAL,
    /** Envoy waits for the answer to the headers; pieces of the body are answered one by one. */
    STREAMED,
    /** No body comes. */
    NONE;

    /**
     * Returns how request bodies come, by the first message of a stream. Senders that say nothing
     * are taken for full duplex, which the endpoint picker protocol asks for.
     */
    public static BodyMode ofRequests(ProcessingRequest first) {
        return first.hasProtocolConfig()
                ? of(first.getProtocolConfig().getRequestBodyMode())
                : DUPLEX;
    }

    /** Returns how response bodies come, by the first message of a stream. */
    public static BodyMode ofResponses(ProcessingRequest first) {
        return first.hasProtocolConfig()
                ? of(first.getProtocolConfig().getResponseBodyMode())
                : DUPLEX;
    }

    /** Returns whether a body comes in one message and is answered by one. */
    public boolean isBuffered() {
        return this == BUFFERED || this == PARTIAL;
    }

    BodySendMode wire() {
        return switch (this) {
            case DUPLEX -> BodySendMode.FULL_DUPLEX_STREAMED;
            case BUFFERED -> BodySendMode.BUFFERED;
            case PARTIAL -> BodySendMode.BUFFERED_PARTIAL;
            case STREAMED -> BodySendMode.STREAMED;
            case NONE -> BodySendMode.NONE;
        };
    }

    private static BodyMode of(BodySendMode mode) {
        return switch (mode) {
            case FULL_DUPLEX_STREAMED -> DUPLEX;
            case BUFFERED -> BUFFERED;
            case BUFFERED_PARTIAL -> PARTIAL;
            case STREAMED -> STREAMED;
            case NONE -> NONE;
            default -> DUPLEX;
        };
    }
}

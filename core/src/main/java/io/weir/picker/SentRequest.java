package io.weir.picker;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * A request as a server gets it, for pickers that ask servers about it. Valid as long as the prompt
 * of its {@link PickRequest}.
 */
public interface SentRequest {

    /** Returns the path, for instance {@code /v1/chat/completions}. */
    String path();

    /**
     * Returns the body, as views.
     *
     * @param model the model that stands in it; null for its own
     */
    List<ByteBuffer> body(@Nullable String model);

    /** Returns the prompt's tokens, where the request has them itself; else null. */
    default int @Nullable [] tokens() {
        return null;
    }

    /** Returns what keeps the request's cached blocks apart from those of others; or null. */
    @Nullable String cacheSalt();
}

package io.weir.picker.tokens;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.time.Duration;

/**
 * How prompts become tokens.
 *
 * @param renderer a server that renders requests; null when those of the pool are asked
 * @param model the model that the renderer is asked for; null for that of the request
 * @param path path of the pool's servers that is asked
 * @param budget how long a pick waits for an answer
 * @param timeout how long an answer may take, to be remembered for the next request
 * @param mostOpen most questions open at a time
 */
public record Tokenizing(
        @Nullable URI renderer,
        @Nullable String model,
        String path,
        Duration budget,
        Duration timeout,
        int mostOpen) {

    /** The pool's servers are asked as vLLM wants it. */
    public static final Tokenizing DEFAULT =
            new Tokenizing(
                    null, null, "/tokenize", Duration.ofMillis(100), Duration.ofSeconds(5), 64);

    public Tokenizing {
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("path: " + path + " (expected: /...)");
        }
        if (mostOpen < 1) {
            throw new IllegalArgumentException("mostOpen: " + mostOpen + " (expected: >= 1)");
        }
    }
}

package io.weir.simulator.http;

import io.netty.handler.codec.http.HttpHeaders;

import org.jspecify.annotations.Nullable;

/**
 * A whole request.
 *
 * @param method method
 * @param path path without query
 * @param headers headers
 * @param body body; only the first {@code bodyBytes} bytes count
 * @param bodyBytes length of the body
 */
@SuppressWarnings("ArrayRecordComponent")
public record HttpRequest(
        String method, String path, HttpHeaders headers, byte[] body, int bodyBytes) {

    /** Returns a header's first value. */
    public @Nullable String header(String name) {
        return headers.get(name);
    }
}

package io.weir.proxy.server;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.weir.body.OpenAiError;
import io.weir.proxy.exchange.ClientStream;

/** Answers to what never became a request. */
final class Refusals {

    private Refusals() {}

    /** Answers a head that could not be decoded. */
    static void answer(ClientStream stream, Throwable cause) {
        switch (cause) {
            case TooLongHttpLineException _ ->
                    answer(stream, HttpResponseStatus.REQUEST_URI_TOO_LONG, "The URI is too long.");
            case TooLongHttpHeaderException _ ->
                    answer(
                            stream,
                            HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
                            "The headers are too large.");
            default -> answer(stream, HttpResponseStatus.BAD_REQUEST, "The request is malformed.");
        }
    }

    /** Answers a head that did not come in time. */
    static void headTimedOut(ClientStream stream) {
        answer(
                stream,
                HttpResponseStatus.REQUEST_TIMEOUT,
                "The request head did not arrive in time.");
    }

    private static void answer(ClientStream stream, HttpResponseStatus status, String message) {
        byte[] body = OpenAiError.badRequest(message, null).body();
        HttpHeaders headers = DefaultHttpHeadersFactory.headersFactory().newHeaders();
        headers.set(HttpHeaderNames.CONTENT_TYPE, OpenAiError.CONTENT_TYPE);
        headers.setInt(HttpHeaderNames.CONTENT_LENGTH, body.length);
        stream.head(status, headers);
        stream.body(Unpooled.wrappedBuffer(body));
        stream.end(EmptyHttpHeaders.INSTANCE);
    }
}

package io.weir.extproc.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;

import io.envoyproxy.envoy.extensions.filters.http.ext_proc.v3.ProcessingMode;
import io.envoyproxy.envoy.extensions.filters.http.ext_proc.v3.ProcessingMode.BodySendMode;
import io.envoyproxy.envoy.extensions.filters.http.ext_proc.v3.ProcessingMode.HeaderSendMode;
import io.envoyproxy.envoy.service.ext_proc.v3.BodyMutation;
import io.envoyproxy.envoy.service.ext_proc.v3.BodyResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.CommonResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.HeadersResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.ImmediateResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.TrailersResponse;
import io.envoyproxy.envoy.type.v3.HttpStatus;
import io.envoyproxy.envoy.type.v3.StatusCode;
import io.weir.extproc.wire.Reply.Side;

import java.util.function.Consumer;

/** Builds the replies of the protocol. */
public final class Replies {

    /** Largest piece of a streamed body; Envoy takes at most 64 KiB in one message. */
    public static final int PIECE_BYTES = 62_000;

    private static final CommonResponse UNCHANGED = CommonResponse.getDefaultInstance();

    private Replies() {}

    /** Request headers with changes after which the route is chosen again. */
    public static ProcessingResponse.Builder requestHeaders(Changes changes) {
        return ProcessingResponse.newBuilder()
                .setRequestHeaders(HeadersResponse.newBuilder().setResponse(rerouted(changes)));
    }

    /** A whole request body that stays as it is, with header changes: for buffered bodies. */
    public static ProcessingResponse.Builder bufferedRequestBody(Changes changes) {
        return ProcessingResponse.newBuilder()
                .setRequestBody(BodyResponse.newBuilder().setResponse(rerouted(changes)));
    }

    /** A whole request body that is replaced, with header changes: for buffered bodies. */
    public static ProcessingResponse.Builder bufferedRequestBody(Changes changes, ByteString body) {
        CommonResponse.Builder common =
                rerouted(changes).setBodyMutation(BodyMutation.newBuilder().setBody(body));
        return ProcessingResponse.newBuilder()
                .setRequestBody(BodyResponse.newBuilder().setResponse(common));
    }

    private static CommonResponse.Builder rerouted(Changes changes) {
        return CommonResponse.newBuilder()
                .setHeaderMutation(changes.build())
                .setClearRouteCache(true);
    }

    /** Request headers that stay as they are. */
    public static ProcessingResponse requestHeadersUnchanged() {
        return ProcessingResponse.newBuilder()
                .setRequestHeaders(HeadersResponse.newBuilder().setResponse(UNCHANGED))
                .build();
    }

    /** A request body, or piece of one, that stays as it is. */
    public static ProcessingResponse requestBodyUnchanged() {
        return ProcessingResponse.newBuilder()
                .setRequestBody(BodyResponse.newBuilder().setResponse(UNCHANGED))
                .build();
    }

    /** Request trailers that stay as they are. */
    public static ProcessingResponse requestTrailersUnchanged() {
        return ProcessingResponse.newBuilder()
                .setRequestTrailers(TrailersResponse.getDefaultInstance())
                .build();
    }

    /** Response headers with changes. */
    public static ProcessingResponse.Builder responseHeaders(Changes changes) {
        return ProcessingResponse.newBuilder()
                .setResponseHeaders(
                        HeadersResponse.newBuilder()
                                .setResponse(
                                        CommonResponse.newBuilder()
                                                .setHeaderMutation(changes.build())));
    }

    /** Response trailers that stay as they are. */
    public static ProcessingResponse responseTrailersUnchanged() {
        return ProcessingResponse.newBuilder()
                .setResponseTrailers(TrailersResponse.getDefaultInstance())
                .build();
    }

    /**
     * Says that the response's body need not be sent. The request's modes stay: a server may answer
     * before it has read the whole request.
     *
     * @param requestMode how request bodies come
     */
    public static ProcessingMode withoutResponseBody(BodyMode requestMode) {
        return ProcessingMode.newBuilder()
                .setRequestHeaderMode(HeaderSendMode.SEND)
                .setResponseHeaderMode(HeaderSendMode.SEND)
                .setRequestBodyMode(requestMode.wire())
                .setResponseBodyMode(BodySendMode.NONE)
                .setRequestTrailerMode(HeaderSendMode.SEND)
                .setResponseTrailerMode(HeaderSendMode.SKIP)
                .build();
    }

    /** A response body, or piece of one, that is replaced. */
    public static ProcessingResponse responseBody(ByteString body) {
        return ProcessingResponse.newBuilder()
                .setResponseBody(
                        BodyResponse.newBuilder()
                                .setResponse(
                                        CommonResponse.newBuilder()
                                                .setBodyMutation(
                                                        BodyMutation.newBuilder().setBody(body))))
                .build();
    }

    /** A whole response body that is replaced, with header changes: for buffered bodies. */
    public static ProcessingResponse bufferedResponseBody(Changes changes, ByteString body) {
        CommonResponse.Builder common =
                CommonResponse.newBuilder()
                        .setHeaderMutation(changes.build())
                        .setBodyMutation(BodyMutation.newBuilder().setBody(body));
        return ProcessingResponse.newBuilder()
                .setResponseBody(BodyResponse.newBuilder().setResponse(common))
                .build();
    }

    /** A response body, or piece of one, that stays as it is. */
    public static ProcessingResponse responseBodyUnchanged() {
        return ProcessingResponse.newBuilder()
                .setResponseBody(BodyResponse.newBuilder().setResponse(UNCHANGED))
                .build();
    }

    /**
     * Sends a request body in pieces of at most {@link #PIECE_BYTES}; an empty body is one empty
     * piece.
     *
     * @param body the bytes
     * @param last whether the body ends here
     * @param out takes the replies
     */
    public static void streamRequestBody(ByteString body, boolean last, Consumer<Reply> out) {
        pieces(Side.REQUEST, body, last, out);
    }

    /** Sends a response body in pieces, like {@link #streamRequestBody}. */
    public static void streamResponseBody(ByteString body, boolean last, Consumer<Reply> out) {
        pieces(Side.RESPONSE, body, last, out);
    }

    private static void pieces(Side side, ByteString body, boolean last, Consumer<Reply> out) {
        int start = 0;
        do {
            int end = Math.min(start + PIECE_BYTES, body.size());
            boolean ends = last && end == body.size();
            out.accept(new Reply.Piece(side, body.substring(start, end), ends));
            start = end;
        } while (start < body.size());
    }

    /** Ends the request with an answer of our own. */
    public static ProcessingResponse immediate(int status, Changes headers, ByteString body) {
        StatusCode code = StatusCode.forNumber(status);
        return ProcessingResponse.newBuilder()
                .setImmediateResponse(
                        ImmediateResponse.newBuilder()
                                .setStatus(
                                        HttpStatus.newBuilder()
                                                .setCode(
                                                        code == null
                                                                ? StatusCode.InternalServerError
                                                                : code))
                                .setHeaders(headers.build())
                                .setBody(body))
                .build();
    }

    /** Returns dynamic metadata with one string: {@code namespace.key = value}. */
    public static Struct metadata(String namespace, String key, String value) {
        Value text = Value.newBuilder().setStringValue(value).build();
        return metadata(namespace, Struct.newBuilder().putFields(key, text));
    }

    /** Returns dynamic metadata of one namespace. */
    public static Struct metadata(String namespace, Struct.Builder fields) {
        return Struct.newBuilder()
                .putFields(namespace, Value.newBuilder().setStructValue(fields).build())
                .build();
    }
}

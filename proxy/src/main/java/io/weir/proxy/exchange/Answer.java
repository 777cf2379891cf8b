package io.weir.proxy.exchange;

import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.weir.body.OpenAiError;
import io.weir.picker.PickResult;
import io.weir.proxy.http.WeirHeaders;
import io.weir.proxy.upstream.UpstreamFailure;

/**
 * An answer that the gateway gives itself.
 *
 * @param status HTTP status
 * @param headers headers without the framing ones
 * @param body body; not to be changed
 * @param error what goes into the log; empty when nothing is wrong
 */
@SuppressWarnings("ArrayRecordComponent")
record Answer(int status, HttpHeaders headers, byte[] body, String error) {

    static Answer error(OpenAiError error, String reason) {
        return new Answer(error.status(), jsonHeaders(), error.body(), reason);
    }

    static Answer json(byte[] body) {
        return new Answer(200, jsonHeaders(), body, "");
    }

    /** An error for which there is no name: the request was refused for its form. */
    static Answer refused(int status, String message) {
        OpenAiError form = OpenAiError.badRequest(message, null);
        return new Answer(status, jsonHeaders(), form.body(), message);
    }

    static Answer bodyTooLarge(long limitBytes) {
        return error(OpenAiError.payloadTooLarge(limitBytes), "request body too large");
    }

    /** All bodies together are larger than what may be held; soon there may be room again. */
    static Answer tooManyBodies() {
        OpenAiError form =
                OpenAiError.noEndpoints("The gateway holds too many requests now. Try again.");
        Answer answer = error(form, "no memory left for request bodies");
        answer.headers.setInt(HttpHeaderNames.RETRY_AFTER, 1);
        return answer;
    }

    static Answer redirect(int status, String location) {
        HttpHeaders headers = DefaultHttpHeadersFactory.headersFactory().newHeaders();
        headers.set(HttpHeaderNames.LOCATION, location);
        return new Answer(status, headers, new byte[0], "");
    }

    static Answer refusedByPicker(PickResult.Refused refused, String model) {
        OpenAiError form =
                switch (refused.reason()) {
                    case NO_ENDPOINTS, CANCELLED, SHUTTING_DOWN ->
                            OpenAiError.noEndpoints(refused.message());
                    case MODEL_NOT_SERVED -> OpenAiError.modelNotFound(model);
                    case BAD_REQUEST -> OpenAiError.badRequest(refused.message(), null);
                    case NOT_AVAILABLE -> OpenAiError.preconditionFailed(refused.message());
                    case SHED, QUEUE_FULL, EXPIRED, EVICTED ->
                            OpenAiError.rateLimited(refused.message());
                };
        Answer answer = error(form, refused.message());
        if (!refused.reason().dropReason().isEmpty()) {
            answer.headers.set(WeirHeaders.DROPPED_REASON, refused.reason().dropReason());
        }
        if (refused.retryAfterSeconds() > 0) {
            answer.headers.setInt(HttpHeaderNames.RETRY_AFTER, refused.retryAfterSeconds());
        }
        return answer;
    }

    static Answer upstreamFailed(UpstreamFailure failure, String detail) {
        OpenAiError form =
                switch (failure) {
                    case CONNECT_TIMEOUT ->
                            OpenAiError.timeout("The model server could not be reached in time.");
                    case OVERLOADED ->
                            OpenAiError.noEndpoints(
                                    "All connections to the model server are busy.");
                    case UNRESOLVED, REFUSED ->
                            OpenAiError.upstreamFailure("The model server could not be reached.");
                    case STALE, RESET, CUT ->
                            OpenAiError.upstreamFailure(
                                    "The model server closed the connection without an answer.");
                    case MALFORMED ->
                            OpenAiError.upstreamFailure("The model server's answer is not HTTP.");
                };
        return error(form, failure + ": " + detail);
    }

    private static HttpHeaders jsonHeaders() {
        HttpHeaders headers = DefaultHttpHeadersFactory.headersFactory().newHeaders();
        headers.set(HttpHeaderNames.CONTENT_TYPE, OpenAiError.CONTENT_TYPE);
        return headers;
    }
}

package io.weir.extproc.picker;

import com.google.protobuf.ByteString;

import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.weir.body.OpenAiError;
import io.weir.extproc.wire.Changes;
import io.weir.extproc.wire.HeaderNames;
import io.weir.extproc.wire.Replies;
import io.weir.picker.PickResult;
import io.weir.picker.PickResult.Reason;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;

/**
 * An answer in place of a pick.
 *
 * @param error status and JSON body
 * @param code name of the error in the reference's one-line form, for instance {@code BadRequest}
 * @param message what is wrong
 * @param droppedReason why the request was dropped; null when it is the client's mistake
 * @param retryAfterSeconds when to try again; 0 when there is no telling
 */
record Refusal(
        OpenAiError error,
        String code,
        String message,
        @Nullable String droppedReason,
        int retryAfterSeconds) {

    static Refusal badRequest(String message) {
        return new Refusal(OpenAiError.badRequest(message, null), "BadRequest", message, null, 0);
    }

    static Refusal tooLarge(long limitBytes) {
        OpenAiError error = OpenAiError.payloadTooLarge(limitBytes);
        return new Refusal(error, "PayloadTooLarge", "request body is too large", null, 0);
    }

    static Refusal noRoom() {
        String message = "too many bodies are held";
        return new Refusal(
                OpenAiError.noEndpoints(message), "ServiceUnavailable", message, null, 1);
    }

    static Refusal idle() {
        String message = "the request body did not come to its end";
        return new Refusal(OpenAiError.requestTimeout(message), "RequestTimeout", message, null, 0);
    }

    static Refusal internal() {
        String message = "the picker failed";
        return new Refusal(OpenAiError.internal(message), "Internal", message, null, 0);
    }

    static Refusal noPool() {
        String message = "the pool is not known yet";
        return new Refusal(
                OpenAiError.noEndpoints(message),
                "ServiceUnavailable",
                message,
                "rejected-no-endpoints",
                1);
    }

    static Refusal of(PickResult.Refused refused) {
        String message = refused.message();
        return switch (refused.reason()) {
            case NO_ENDPOINTS -> {
                String line = "failed to find endpoint candidates for serving the request";
                yield dropped(refused, OpenAiError.noEndpoints(message), line);
            }
            case MODEL_NOT_SERVED ->
                    new Refusal(OpenAiError.notFound(message), "NotFound", message, null, 0);
            case BAD_REQUEST -> badRequest(message);
            case NOT_AVAILABLE ->
                    new Refusal(
                            OpenAiError.preconditionFailed(message),
                            "PreconditionFailed",
                            message,
                            null,
                            0);
            case SHED, QUEUE_FULL, EXPIRED, EVICTED ->
                    dropped(refused, OpenAiError.rateLimited(message), message);
            case CANCELLED, SHUTTING_DOWN ->
                    dropped(refused, OpenAiError.noEndpoints(message), message);
        };
    }

    private static Refusal dropped(PickResult.Refused refused, OpenAiError error, String line) {
        return new Refusal(
                error,
                refused.reason().status() == 429 ? "ResourceExhausted" : "ServiceUnavailable",
                line,
                refused.reason().dropReason(),
                refused.retryAfterSeconds());
    }

    ProcessingResponse reply(boolean openAi) {
        Changes headers = new Changes();
        headers.set("content-type", openAi ? OpenAiError.CONTENT_TYPE : "text/plain");
        if (droppedReason != null) {
            headers.set(HeaderNames.DROPPED_REASON, droppedReason);
        }
        if (retryAfterSeconds > 0) {
            headers.set("retry-after", Integer.toString(retryAfterSeconds));
        }
        return Replies.immediate(error.status(), headers, body(openAi));
    }

    private ByteString body(boolean openAi) {
        if (openAi) {
            return ByteString.copyFrom(error.body());
        }
        // The reference says nothing more to those that it breaks off.
        boolean bare = Reason.EVICTED.dropReason().equals(droppedReason);
        String line = bare ? message : "inference error: " + code + " - " + message;
        return ByteString.copyFrom(line, StandardCharsets.UTF_8);
    }
}

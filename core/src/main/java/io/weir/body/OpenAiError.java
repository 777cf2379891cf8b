package io.weir.body;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * An error in the form that OpenAI clients read: {@code {"error":{"message":…,"type":…,"param":…,
 * "code":…}}}, with the types of vLLM. {@code code} repeats the status as a number, except where
 * OpenAI has a name that clients look for.
 *
 * @param status the HTTP status
 * @param body the JSON, in UTF-8; not to be changed
 */
@SuppressWarnings("ArrayRecordComponent")
public record OpenAiError(int status, byte[] body) {

    /** The body's content type. */
    public static final String CONTENT_TYPE = "application/json";

    private static final byte[] DATA = "data: ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END_OF_EVENT = "\n\n".getBytes(StandardCharsets.US_ASCII);
    private static final int MAX_REFLECTED_CHARS = 200;
    private static final int MAX_MESSAGE_CHARS = 600;

    /** 404: nobody serves the model. */
    public static OpenAiError modelNotFound(String model) {
        String message =
                "The model `" + shortened(model, MAX_REFLECTED_CHARS) + "` does not exist.";
        return of(404, message, "NotFoundError", "model", "\"model_not_found\"");
    }

    /** 404: no route matches the request. */
    public static OpenAiError notFound(String message) {
        return of(404, message, "NotFoundError", null);
    }

    /** 400: the request is wrong; {@code param} is the key to blame, or null. */
    public static OpenAiError badRequest(String message, @Nullable String param) {
        return of(400, message, "BadRequestError", param);
    }

    /** 400: the body is refused. */
    public static OpenAiError of(BodyException refusal) {
        return badRequest(String.valueOf(refusal.getMessage()), refusal.param());
    }

    /** 408: the body did not come in time. */
    public static OpenAiError requestTimeout(String message) {
        return of(408, message, "RequestTimeoutError", null);
    }

    /** 412: a condition of the request does not hold. */
    public static OpenAiError preconditionFailed(String message) {
        return of(412, message, "PreconditionFailedError", null);
    }

    /** 413: the body is longer than a limit. */
    public static OpenAiError payloadTooLarge(long limitBytes) {
        String message = "The request body is larger than the limit of " + limitBytes + " bytes.";
        return of(413, message, "RequestTooLargeError", null);
    }

    /** 415: the body can't be read as it is. */
    public static OpenAiError unsupportedMediaType(String message) {
        return of(415, message, "UnsupportedMediaTypeError", null);
    }

    /** 429: the client, or all of them together, asked for too much. */
    public static OpenAiError rateLimited(String message) {
        return of(429, message, "RateLimitError", null);
    }

    /** 500: the gateway failed. */
    public static OpenAiError internal(String message) {
        return of(500, message, "InternalServerError", null);
    }

    /** 502: the model server broke off or could not be reached. */
    public static OpenAiError upstreamFailure(String message) {
        return of(502, message, "InternalServerError", null);
    }

    /** 503: no model server can take the request now. */
    public static OpenAiError noEndpoints(String message) {
        return of(503, message, "InternalServerError", null);
    }

    /** 504: the model server took too long. */
    public static OpenAiError timeout(String message) {
        return of(504, message, "InternalServerError", null);
    }

    /** Returns an answer with a status that somebody else chose, 400 to 599. */
    public static OpenAiError refused(int status, String message) {
        return of(status, message, status < 500 ? "BadRequestError" : "InternalServerError", null);
    }

    /**
     * Returns the error as an event of a {@code text/event-stream}, as vLLM ends a stream that
     * fails: OpenAI clients raise it.
     */
    public byte[] event() {
        ByteArrayOutputStream event = new ByteArrayOutputStream(body.length + 8);
        event.writeBytes(DATA);
        event.writeBytes(body);
        event.writeBytes(END_OF_EVENT);
        return event.toByteArray();
    }

    private static OpenAiError of(int status, String message, String type, @Nullable String param) {
        return of(status, message, type, param, Integer.toString(status));
    }

    private static OpenAiError of(
            int status, String message, String type, @Nullable String param, String code) {
        StringBuilder json = new StringBuilder(128 + message.length());
        JsonText.quote(
                json.append("{\"error\":{\"message\":"), shortened(message, MAX_MESSAGE_CHARS));
        JsonText.quote(json.append(",\"type\":"), type);
        String shortParam = param == null ? null : shortened(param, MAX_REFLECTED_CHARS);
        JsonText.quoteOrNull(json.append(",\"param\":"), shortParam);
        json.append(",\"code\":").append(code).append("}}");
        return new OpenAiError(status, json.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static String shortened(String text, int maxChars) {
        if (text.length() <= maxChars) {
            return text;
        }
        boolean splitsPair = Character.isHighSurrogate(text.charAt(maxChars - 1));
        return text.substring(0, splitsPair ? maxChars - 1 : maxChars) + "…";
    }
}

package io.weir.simulator;

import org.jspecify.annotations.Nullable;

/** An answer that is an error, in the form that model servers use. */
final class HttpError extends Exception {

    private final int status;
    private final @Nullable String param;

    HttpError(int status, String message, @Nullable String param) {
        super(message, null, false, false);
        this.status = status;
        this.param = param;
    }

    static HttpError badRequest(String message, @Nullable String param) {
        return new HttpError(400, message, param);
    }

    static HttpError modelNotFound(String model) {
        return new HttpError(404, "The model `" + model + "` does not exist.", "model");
    }

    int status() {
        return status;
    }

    /** Returns {@code {"error":{…}}}. */
    String body() {
        return "{\"error\":{\"message\":%s,\"type\":\"%s\",\"param\":%s,\"code\":%d}}"
                .formatted(
                        Json.quoted(String.valueOf(getMessage())),
                        type(),
                        param == null ? "null" : Json.quoted(param),
                        status);
    }

    private String type() {
        return switch (status) {
            case 400 -> "BadRequestError";
            case 401 -> "AuthenticationError";
            case 403 -> "PermissionDeniedError";
            case 404 -> "NotFoundError";
            case 422 -> "UnprocessableEntityError";
            case 429 -> "RateLimitError";
            default -> status >= 500 ? "InternalServerError" : "APIConnectionError";
        };
    }
}

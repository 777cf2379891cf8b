package io.weir.simulator.wire;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;

/** Errors as vLLM words them: {@code {"error":{"message":…,"type":…,"param":…,"code":…}}}. */
public final class ErrorBody {

    private ErrorBody() {}

    /** Returns the body of an error, in UTF-8. */
    public static byte[] render(int status, String message, @Nullable String param) {
        return render(status, message, type(status), param);
    }

    /** Returns the body of an error of some type, in UTF-8. */
    public static byte[] render(int status, String message, String type, @Nullable String param) {
        String json =
                "{\"error\":{\"message\":"
                        + Json.quoted(message)
                        + ",\"type\":"
                        + Json.quoted(type)
                        + ",\"param\":"
                        + (param == null ? "null" : Json.quoted(param))
                        + ",\"code\":"
                        + status
                        + "}}";
        return json.getBytes(StandardCharsets.UTF_8);
    }

    /** Returns the type of the errors with a status. */
    static String type(int status) {
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

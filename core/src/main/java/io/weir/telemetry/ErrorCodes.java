package io.weir.telemetry;

/** Names of failures on dashboards. */
final class ErrorCodes {

    private ErrorCodes() {}

    /** Returns the name for a status of 400 or more; 0 is a request that never had an answer. */
    static String of(int status) {
        return switch (status) {
            case 400, 413, 415, 422 -> "BadRequest";
            case 401 -> "Unauthorized";
            case 403 -> "Forbidden";
            case 404 -> "NotFound";
            case 429 -> "ResourceExhausted";
            case 500 -> "Internal";
            case 502 -> "ModelServerError";
            case 503, 504 -> "ServiceUnavailable";
            default -> "Unknown";
        };
    }
}

package io.weir.kubernetes.embedded.object;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A request that could not be done, with everything that the {@code Status} answer says.
 *
 * <p>Codes, reasons and the shape of the messages are those of a Kubernetes API server, because
 * clients decide by them: {@code kubectl} creates after {@code NotFound}, retries after {@code
 * Conflict} and lists again after {@code Expired}.
 */
public final class ApiError extends RuntimeException {

    private final int code;
    private final String reason;
    private final transient Subject subject;
    private final transient List<Cause> causes;
    private final int retryAfterSeconds;

    /**
     * What the error is about.
     *
     * @param group API group; empty for the core group or when nothing is known
     * @param kind kind or plural resource name, as the error wants it
     * @param name name of the object; empty when nothing is known
     * @param uid uid of the object; empty when nothing is known
     */
    public record Subject(String group, String kind, String name, String uid) {

        static final Subject NONE = new Subject("", "", "", "");

        /** Returns a subject without a uid. */
        public static Subject of(String group, String kind, String name) {
            return new Subject(group, kind, name, "");
        }

        private String qualified() {
            return group.isEmpty() ? kind : kind + "." + group;
        }
    }

    /**
     * One cause in {@code details.causes}.
     *
     * @param reason for instance {@code FieldValueInvalid} or {@code FieldManagerConflict}
     * @param message for people
     * @param field path of the field; empty when there is none
     */
    public record Cause(String reason, String message, String field) {}

    private ApiError(
            int code,
            String reason,
            String message,
            Subject subject,
            List<Cause> causes,
            int retryAfterSeconds) {
        super(message);
        this.code = code;
        this.reason = reason;
        this.subject = subject;
        this.causes = List.copyOf(causes);
        this.retryAfterSeconds = retryAfterSeconds;
    }

    private static ApiError of(int code, String reason, String message, Subject subject) {
        return new ApiError(code, reason, message, subject, List.of(), 0);
    }

    private static ApiError of(int code, String reason, String message) {
        return of(code, reason, message, Subject.NONE);
    }

    /** 404: no such object. The subject's kind is the plural resource name. */
    public static ApiError notFound(Subject subject) {
        String message = "%s \"%s\" not found".formatted(subject.qualified(), subject.name());
        return of(404, "NotFound", message, subject);
    }

    /** 404: no such path. */
    public static ApiError noSuchPath() {
        return of(404, "NotFound", "the server could not find the requested resource");
    }

    /** 409: the name is taken. The subject's kind is the plural resource name. */
    public static ApiError alreadyExists(Subject subject) {
        String message = "%s \"%s\" already exists".formatted(subject.qualified(), subject.name());
        return of(409, "AlreadyExists", message, subject);
    }

    /** 409: someone else wrote first, or the write is not allowed just now. */
    public static ApiError conflict(Subject subject, String detail) {
        String message =
                "Operation cannot be fulfilled on %s \"%s\": %s"
                        .formatted(subject.qualified(), subject.name(), detail);
        return of(409, "Conflict", message, subject);
    }

    /** 409: fields that other managers own would be changed by a server-side apply. */
    public static ApiError applyConflict(Subject subject, String message, List<Cause> causes) {
        return new ApiError(409, "Conflict", message, subject, causes, 0);
    }

    /** 422: the object is not valid. The subject's kind is the kind. */
    public static ApiError invalid(Subject subject, List<FieldError> errors) {
        String all = errors.stream().map(FieldError::toString).collect(Collectors.joining(", "));
        String list = errors.size() > 1 ? "[" + all + "]" : all;
        String message =
                "%s \"%s\" is invalid: %s".formatted(subject.qualified(), subject.name(), list);
        List<Cause> causes =
                errors.stream()
                        .map(e -> new Cause(e.reason().wire(), e.message(), e.field()))
                        .toList();
        return new ApiError(422, "Invalid", message, subject, causes, 0);
    }

    /** 400: the request makes no sense. */
    public static ApiError badRequest(String message) {
        return of(400, "BadRequest", message);
    }

    /** 401: no credentials, or wrong ones. */
    public static ApiError unauthorized() {
        return of(401, "Unauthorized", "Unauthorized");
    }

    /** 403: the user may not do this. */
    public static ApiError forbidden(Subject subject, String detail) {
        String target = subject.name().isEmpty() ? "" : " \"" + subject.name() + "\"";
        String message = "%s%s is forbidden: %s".formatted(subject.qualified(), target, detail);
        return of(403, "Forbidden", message, subject);
    }

    /** 405: the resource has no such verb. */
    public static ApiError methodNotAllowed() {
        String message = "the server does not allow this method on the requested resource";
        return of(405, "MethodNotAllowed", message);
    }

    /** 406: no representation that the client accepts. */
    public static ApiError notAcceptable(String supported) {
        String message = "only the following media types are accepted: " + supported;
        return of(406, "NotAcceptable", message);
    }

    /** 410: the resource version is too old; the client lists again. */
    public static ApiError expired(String message) {
        return of(410, "Expired", message);
    }

    /** 413: the body is too large. */
    public static ApiError tooLarge(int limitBytes) {
        String message = "Request entity too large: limit is " + limitBytes;
        return of(413, "RequestEntityTooLarge", message);
    }

    /** 415: the body is in a language that the resource does not read. */
    public static ApiError unsupportedMediaType(String message) {
        return of(415, "UnsupportedMediaType", message);
    }

    /** 429: too much at once. */
    public static ApiError tooManyRequests(int retryAfterSeconds) {
        String message = "too many requests, please try again later";
        return new ApiError(
                429, "TooManyRequests", message, Subject.NONE, List.of(), retryAfterSeconds);
    }

    /** 500: it is not the client's fault. */
    public static ApiError internal(String message) {
        return of(500, "InternalError", "Internal error occurred: " + message);
    }

    /** 503: not now. */
    public static ApiError unavailable(String message, int retryAfterSeconds) {
        return new ApiError(
                503, "ServiceUnavailable", message, Subject.NONE, List.of(), retryAfterSeconds);
    }

    /** Returns the HTTP status code. */
    public int code() {
        return code;
    }

    /** Returns the machine-readable reason. */
    public String reason() {
        return reason;
    }

    /** Returns after how many seconds the client should try again; 0 when that is unknown. */
    public int retryAfterSeconds() {
        return retryAfterSeconds;
    }

    /** Returns whether the reason is {@code NotFound}. */
    public boolean isNotFound() {
        return code == 404;
    }

    /** Returns whether someone else wrote first. */
    public boolean isForbidden() {
        return code == 403;
    }

    /** Returns whether someone else wrote first. */
    public boolean isConflict() {
        return reason.equals("Conflict");
    }

    /** Returns whether the name was taken. */
    public boolean isAlreadyExists() {
        return reason.equals("AlreadyExists");
    }

    /** Returns the {@code Status} object. */
    public ObjectNode toStatus() {
        ObjectNode status = Statuses.head("Failure");
        status.put("message", getMessage());
        status.put("reason", reason);
        ObjectNode details = details();
        if (!details.isEmpty()) {
            status.set("details", details);
        }
        status.put("code", code);
        return status;
    }

    private ObjectNode details() {
        ObjectNode details = Trees.object();
        putUnlessEmpty(details, "name", subject.name());
        putUnlessEmpty(details, "group", subject.group());
        putUnlessEmpty(details, "kind", subject.kind());
        putUnlessEmpty(details, "uid", subject.uid());
        if (!causes.isEmpty()) {
            ArrayNode array = details.putArray("causes");
            causes.forEach(cause -> addCause(array, cause));
        }
        if (retryAfterSeconds > 0) {
            details.put("retryAfterSeconds", retryAfterSeconds);
        }
        return details;
    }

    private static void addCause(ArrayNode array, Cause cause) {
        ObjectNode node = array.addObject();
        node.put("reason", cause.reason());
        node.put("message", cause.message());
        putUnlessEmpty(node, "field", cause.field());
    }

    private static void putUnlessEmpty(ObjectNode node, String key, String value) {
        if (!value.isEmpty()) {
            node.put(key, value);
        }
    }
}

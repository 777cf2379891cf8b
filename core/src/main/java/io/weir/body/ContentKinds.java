package io.weir.body;

import org.jspecify.annotations.Nullable;

import java.util.Locale;

/**
 * Decides by a request's head whether its body is read. The rule, first match wins:
 *
 * <ol>
 *   <li>methods other than POST, PUT and PATCH: passed through, their bodies mean nothing here;
 *   <li>media type {@code application/json} or {@code application/*+json} (parameters ignored, any
 *       case): read;
 *   <li>no media type, {@code text/plain} or {@code application/x-www-form-urlencoded} (what {@code
 *       curl -d} sends) on a path under {@code /v1/}: read, because model servers exist that read
 *       JSON whatever its label, and a label must not be a way around the routing by model;
 *   <li>anything else, {@code multipart/form-data} for one: passed through.
 * </ol>
 *
 * A body that would be read but has a content encoding other than {@code identity} is refused:
 * model servers don't unpack requests, and one that did would see a model that the gateway didn't.
 */
public final class ContentKinds {

    private ContentKinds() {}

    /**
     * Returns what to do with a body.
     *
     * @param path the request's path, with or without a query
     * @param contentType value of the header; null when absent
     * @param contentEncoding value of the header; null when absent
     */
    public static ContentKind of(
            String method,
            String path,
            @Nullable String contentType,
            @Nullable String contentEncoding) {
        if (!hasBody(method) || !isRead(path, contentType)) {
            return ContentKind.PASS_THROUGH;
        }
        return isPlain(contentEncoding) ? ContentKind.SCAN : ContentKind.REFUSE;
    }

    private static boolean hasBody(String method) {
        return method.equals("POST") || method.equals("PUT") || method.equals("PATCH");
    }

    private static boolean isRead(String path, @Nullable String contentType) {
        String type = mediaType(contentType);
        return switch (type) {
            case "application/json" -> true;
            case "", "text/plain", "application/x-www-form-urlencoded" -> path.startsWith("/v1/");
            default -> type.startsWith("application/") && type.endsWith("+json");
        };
    }

    private static String mediaType(@Nullable String contentType) {
        if (contentType == null || contentType.equals("application/json")) {
            return contentType == null ? "" : contentType;
        }
        int end = contentType.indexOf(';');
        String type = end < 0 ? contentType : contentType.substring(0, end);
        return type.strip().toLowerCase(Locale.ROOT);
    }

    private static boolean isPlain(@Nullable String contentEncoding) {
        return contentEncoding == null
                || contentEncoding.isBlank()
                || contentEncoding.strip().equalsIgnoreCase("identity");
    }
}

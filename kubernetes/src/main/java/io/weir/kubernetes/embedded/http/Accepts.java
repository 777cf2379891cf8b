package io.weir.kubernetes.embedded.http;

import io.weir.kubernetes.embedded.object.ApiError;

/** The form of an answer that a client asks for. */
enum Accepts {
    /** The object or list itself. */
    PLAIN,
    /** A table. */
    TABLE,
    /** Only metadata. */
    METADATA;

    /** Returns the first form in the Accept header that there is. */
    static Accepts of(String header) {
        if (header.isEmpty()) {
            return PLAIN;
        }
        for (String part : header.split(",", -1)) {
            String type = part.strip();
            boolean json =
                    type.startsWith("application/json")
                            || type.startsWith("*/*")
                            || type.startsWith("application/*");
            if (json) {
                return form(type);
            }
        }
        throw ApiError.notAcceptable("application/json");
    }

    private static Accepts form(String type) {
        if (type.contains("as=Table")) {
            return TABLE;
        }
        return type.contains("as=PartialObjectMetadata") ? METADATA : PLAIN;
    }
}

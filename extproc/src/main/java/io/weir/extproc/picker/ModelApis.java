package io.weir.extproc.picker;

import io.weir.extproc.wire.Headers;

import java.util.List;

/**
 * The APIs whose requests have to name a model. Others, a server's own ones among them, are passed
 * whatever they hold.
 */
final class ModelApis {

    private static final List<String> ENDINGS =
            List.of(
                    "/completions",
                    "/embeddings",
                    "/responses",
                    "/conversations",
                    "/completions/render",
                    "/images/generations",
                    "/messages");

    /** Where the path stands, the first that is there; proxies that rewrite it keep it so. */
    private static final List<String> PATHS =
            List.of(":path", "x-original-path", "x-forwarded-path");

    private ModelApis() {}

    /** Returns whether a request is one of theirs; one without a path is. */
    static boolean include(Headers request) {
        String path = request.first(PATHS);
        if (path == null) {
            return true;
        }
        String plain = plain(path);
        for (String ending : ENDINGS) {
            if (plain.endsWith(ending)) {
                return true;
            }
        }
        return false;
    }

    private static String plain(String path) {
        int query = path.indexOf('?');
        int end = query < 0 ? path.length() : query;
        return path.substring(0, end > 1 && path.charAt(end - 1) == '/' ? end - 1 : end);
    }
}

package io.weir.app.admin;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** One admin page. */
@FunctionalInterface
public interface Page {

    /** Renders what there is to say now. */
    Reply render();

    /** Answers a request; pages that take no parameters render what there is to say. */
    default Reply answer(Request request) {
        return request.isPost() ? Reply.text(405, "GET only\n") : render();
    }

    /**
     * What is asked of a page.
     *
     * @param isPost whether something was sent
     * @param query parameters by name
     * @param body what was sent
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
    record Request(boolean isPost, Map<String, List<String>> query, byte[] body) {

        /** Returns the first value of a parameter; null when it is not there. */
        public @Nullable String first(String name) {
            List<String> values = query.get(name);
            return values == null ? null : values.getFirst();
        }

        /** Returns all values of a parameter. */
        public List<String> all(String name) {
            return query.getOrDefault(name, List.of());
        }
    }

    /**
     * What a page says.
     *
     * @param status HTTP status
     * @param contentType media type
     * @param body bytes
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
    record Reply(int status, String contentType, byte[] body) {

        /** Returns plain text. */
        public static Reply text(int status, String text) {
            return new Reply(
                    status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
        }
    }
}

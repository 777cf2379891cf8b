package io.weir.app.admin;

import java.nio.charset.StandardCharsets;

/** One admin page. */
@FunctionalInterface
public interface Page {

    /** Renders what there is to say now. */
    Reply render();

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
        static Reply text(int status, String text) {
            return new Reply(
                    status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
        }
    }
}

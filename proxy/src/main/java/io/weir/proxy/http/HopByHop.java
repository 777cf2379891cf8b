package io.weir.proxy.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;

import java.util.List;

/**
 * Headers that are meant for the next hop only (RFC 9110 section 7.6.1). The framing headers are
 * among them: each side of the proxy frames its messages anew.
 */
public final class HopByHop {

    private static final List<AsciiString> NAMES =
            List.of(
                    HttpHeaderNames.CONNECTION,
                    HttpHeaderNames.TRANSFER_ENCODING,
                    HttpHeaderNames.UPGRADE,
                    HttpHeaderNames.TE,
                    AsciiString.cached("keep-alive"),
                    AsciiString.cached("proxy-connection"));

    /** What a Connection header may not take away. */
    private static final List<AsciiString> END_TO_END =
            List.of(
                    HttpHeaderNames.HOST,
                    HttpHeaderNames.CONTENT_LENGTH,
                    HttpHeaderNames.CONTENT_TYPE,
                    HttpHeaderNames.AUTHORIZATION);

    private HopByHop() {}

    /** Removes the headers of this hop, and those that the Connection header names. */
    public static void remove(HttpHeaders headers) {
        if (headers.contains(HttpHeaderNames.CONNECTION)) {
            removeNamed(headers);
        }
        for (AsciiString name : NAMES) {
            headers.remove(name);
        }
    }

    private static void removeNamed(HttpHeaders headers) {
        for (String value : headers.getAll(HttpHeaderNames.CONNECTION)) {
            for (String token : value.split(",", 64)) {
                String name = token.strip();
                if (!name.isEmpty() && !isEndToEnd(name)) {
                    headers.remove(name);
                }
            }
        }
    }

    private static boolean isEndToEnd(String name) {
        for (AsciiString kept : END_TO_END) {
            if (kept.contentEqualsIgnoreCase(name)) {
                return true;
            }
        }
        return false;
    }
}

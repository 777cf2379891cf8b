package io.weir.simulator.http;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Writes status lines and headers; those that all responses have are rendered once. */
public final class ResponseHead {

    private static final byte[] OK = ascii("HTTP/1.1 200 OK\r\n");
    private static final byte[] CHUNKED = ascii("transfer-encoding: chunked\r\n");
    private static final byte[] CLOSE = ascii("connection: close\r\n");
    private static final byte[] CONTENT_LENGTH = ascii("content-length: ");
    private static final byte[] CONTENT_TYPE = ascii("content-type: ");
    private static final byte[] CRLF = ascii("\r\n");

    private final byte[] common;

    /**
     * @param common headers of all responses
     */
    public ResponseHead(Map<String, String> common) {
        StringBuilder lines = new StringBuilder();
        common.forEach((name, value) -> lines.append(line(name, value)));
        this.common = lines.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Writes a head; {@code contentLength} -1 is for a chunked body. */
    void write(Bytes out, int status, String contentType, long contentLength, Exchange exchange) {
        out.writeBytes(status == 200 ? OK : statusLine(status));
        out.writeBytes(common);
        out.writeBytes(CONTENT_TYPE);
        out.writeText(contentType);
        out.writeBytes(CRLF);
        if (contentLength < 0) {
            out.writeBytes(CHUNKED);
        } else {
            out.writeBytes(CONTENT_LENGTH);
            out.writeDecimal(contentLength);
            out.writeBytes(CRLF);
        }
        exchange.extraHeaders().forEach((name, value) -> out.writeText(line(name, value)));
        if (!exchange.keepsAlive()) {
            out.writeBytes(CLOSE);
        }
        out.writeBytes(CRLF);
    }

    /** A value can't begin another line. */
    private static String line(String name, String value) {
        return name + ": " + value.replace('\r', ' ').replace('\n', ' ') + "\r\n";
    }

    private static byte[] statusLine(int status) {
        String reason =
                io.netty.handler.codec.http.HttpResponseStatus.valueOf(status).reasonPhrase();
        return ascii("HTTP/1.1 " + status + " " + reason + "\r\n");
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}

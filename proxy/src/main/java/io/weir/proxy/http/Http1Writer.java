package io.weir.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.AsciiString;

import java.util.Map;

/**
 * HTTP/1.1 messages as bytes (RFC 9112).
 *
 * <p>Netty's own encoders keep the state of a message and make up to three buffers of each piece of
 * a chunked body. Here the owner of the connection knows the state anyway, and a head, or a small
 * piece with its framing, becomes one buffer and one write to the socket.
 */
public final class Http1Writer {

    /** Room for the framing of a chunk: its length in hexadecimal and two line ends. */
    public static final int CHUNK_FRAME_BYTES = 12;

    private static final int CRLF = ('\r' << 8) | '\n';
    private static final int COLON_SPACE = (':' << 8) | ' ';
    private static final AsciiString VERSION = AsciiString.cached("HTTP/1.1 ");
    private static final AsciiString REQUEST_VERSION = AsciiString.cached(" HTTP/1.1\r\n");
    private static final AsciiString CONTINUE = AsciiString.cached("HTTP/1.1 100 Continue\r\n\r\n");
    private static final AsciiString LAST_CHUNK = AsciiString.cached("0\r\n");

    private Http1Writer() {}

    /** Writes a request line and headers. */
    public static void request(ByteBuf out, String method, String uri, HttpHeaders headers) {
        ascii(out, method);
        out.writeByte(' ');
        ascii(out, uri);
        ascii(out, REQUEST_VERSION);
        headers(out, headers);
    }

    /** Writes a status line and headers. */
    public static void response(ByteBuf out, HttpResponseStatus status, HttpHeaders headers) {
        ascii(out, VERSION);
        ascii(out, status.codeAsText());
        out.writeByte(' ');
        ascii(out, status.reasonPhrase());
        out.writeShort(CRLF);
        headers(out, headers);
    }

    /** Writes the answer to {@code Expect: 100-continue}. */
    public static void continue100(ByteBuf out) {
        ascii(out, CONTINUE);
    }

    /** Writes what goes before the bytes of a chunk. */
    public static void chunkStart(ByteBuf out, int length) {
        int digits = Math.max(1, (Integer.SIZE - Integer.numberOfLeadingZeros(length) + 3) / 4);
        for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
            out.writeByte(Character.forDigit((length >>> shift) & 0xf, 16));
        }
        out.writeShort(CRLF);
    }

    /** Writes what goes after the bytes of a chunk. */
    public static void chunkEnd(ByteBuf out) {
        out.writeShort(CRLF);
    }

    /** Writes the end of a chunked body. */
    public static void lastChunk(ByteBuf out, HttpHeaders trailers) {
        ascii(out, LAST_CHUNK);
        headers(out, trailers);
    }

    private static void headers(ByteBuf out, HttpHeaders headers) {
        var entries = headers.iteratorCharSequence();
        while (entries.hasNext()) {
            Map.Entry<CharSequence, CharSequence> entry = entries.next();
            ascii(out, entry.getKey());
            out.writeShort(COLON_SPACE);
            ascii(out, entry.getValue());
            out.writeShort(CRLF);
        }
        out.writeShort(CRLF);
    }

    /**
     * Writes Latin-1 text; characters beyond become question marks, so that none can become a line
     * end.
     */
    private static void ascii(ByteBuf out, CharSequence text) {
        ByteBufUtil.writeAscii(out, text);
    }
}

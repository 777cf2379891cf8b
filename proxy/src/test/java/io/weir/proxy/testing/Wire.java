package io.weir.proxy.testing;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Reads HTTP/1.1 messages byte by byte, so that tests see exactly what is on the wire. */
public final class Wire {

    private Wire() {}

    /** A header as written. */
    public record Header(String name, String value) {}

    /**
     * A message.
     *
     * @param start request or status line
     * @param headers headers in order
     * @param body decoded body
     * @param chunks lengths of the chunks; empty when the body is not chunked
     * @param trailers trailers in order
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Message(
            String start,
            List<Header> headers,
            byte[] body,
            List<Integer> chunks,
            List<Header> trailers) {

        /** Returns the status code. */
        public int status() {
            return Integer.parseInt(start.split(" ", -1)[1]);
        }

        /** Returns the method. */
        public String method() {
            return start.split(" ", -1)[0];
        }

        /** Returns the request target. */
        public String target() {
            return start.split(" ", -1)[1];
        }

        /** Returns the values of a header, joined by commas; empty when absent. */
        public String header(String name) {
            return String.join(
                    ",",
                    headers.stream()
                            .filter(header -> header.name().equalsIgnoreCase(name))
                            .map(Header::value)
                            .toList());
        }

        /** Returns the body as text. */
        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    /** Reads a request. */
    public static Message readRequest(InputStream in) throws IOException {
        Head head = readHead(in);
        return readBody(in, head, false);
    }

    /** Reads a response to a request with a method. */
    public static Message readResponse(InputStream in, String method) throws IOException {
        Head head = readHead(in);
        while (head.start.startsWith("HTTP/1.1 1")) {
            head = readHead(in);
        }
        if (method.equals("HEAD") || head.start.contains(" 204 ") || head.start.contains(" 304 ")) {
            return new Message(head.start, head.headers, new byte[0], List.of(), List.of());
        }
        return readBody(in, head, true);
    }

    /** A start line and headers. */
    public record Head(String start, List<Header> headers) {

        /** Returns the first value of a header; empty when absent. */
        public String first(String name) {
            return headers.stream()
                    .filter(header -> header.name().equalsIgnoreCase(name))
                    .map(Header::value)
                    .findFirst()
                    .orElse("");
        }
    }

    /** Reads a start line and headers. */
    public static Head readHead(InputStream in) throws IOException {
        String start = readLine(in);
        return new Head(start, readHeaders(in));
    }

    private static List<Header> readHeaders(InputStream in) throws IOException {
        List<Header> headers = new ArrayList<>();
        for (String line = readLine(in); !line.isEmpty(); line = readLine(in)) {
            int colon = line.indexOf(':');
            headers.add(new Header(line.substring(0, colon), line.substring(colon + 1).strip()));
        }
        return headers;
    }

    private static Message readBody(InputStream in, Head head, boolean untilClose)
            throws IOException {
        if (head.first("transfer-encoding").toLowerCase(Locale.ROOT).contains("chunked")) {
            return readChunked(in, head);
        }
        String length = head.first("content-length");
        byte[] body;
        if (!length.isEmpty()) {
            body = readExactly(in, Integer.parseInt(length));
        } else {
            body = untilClose ? in.readAllBytes() : new byte[0];
        }
        return new Message(head.start, head.headers, body, List.of(), List.of());
    }

    private static Message readChunked(InputStream in, Head head) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        List<Integer> chunks = new ArrayList<>();
        while (true) {
            int length = Integer.parseInt(readLine(in), 16);
            if (length == 0) {
                List<Header> trailers = readHeaders(in);
                return new Message(head.start, head.headers, body.toByteArray(), chunks, trailers);
            }
            body.write(readExactly(in, length));
            chunks.add(length);
            readLine(in);
        }
    }

    /** Reads a number of bytes; throws when there are fewer. */
    public static byte[] readExactly(InputStream in, int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("connection closed after " + bytes.length + " of " + length);
        }
        return bytes;
    }

    /** Reads up to a line end, which must be CRLF. */
    public static String readLine(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        while (true) {
            int c = in.read();
            if (c < 0) {
                throw new EOFException("connection closed after: " + line);
            }
            if (c == '\n') {
                if (line.isEmpty() || line.charAt(line.length() - 1) != '\r') {
                    throw new IOException("bare line feed after: " + line);
                }
                return line.substring(0, line.length() - 1);
            }
            line.append((char) c);
        }
    }
}

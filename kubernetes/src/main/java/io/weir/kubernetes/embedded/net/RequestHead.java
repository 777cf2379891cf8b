package io.weir.kubernetes.embedded.net;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The first lines of a request.
 *
 * @param method for instance {@code GET}
 * @param target path and query as they were sent
 * @param version for instance {@code HTTP/1.1}
 * @param headers by name in lower case; values of repeated ones are joined with commas
 */
record RequestHead(String method, String target, String version, Map<String, String> headers) {

    private static final int MAX_BYTES = 64 << 10;

    /** A request that makes no sense; the message says why. */
    static final class Malformed extends IOException {

        Malformed(String message) {
            super(message);
        }
    }

    /** Reads a head; empty when the client has closed the connection before. */
    static Optional<RequestHead> read(InputStream in) throws IOException {
        Lines lines = new Lines(in);
        String first = lines.next();
        if (first == null) {
            return Optional.empty();
        }
        String[] words = first.split(" ", -1);
        if (words.length != 3 || !words[2].startsWith("HTTP/1.") || !words[1].startsWith("/")) {
            throw new Malformed("request line (expected: METHOD /PATH HTTP/1.1)");
        }
        Map<String, String> headers = new TreeMap<>();
        for (String line = lines.need(); !line.isEmpty(); line = lines.need()) {
            int colon = line.indexOf(':');
            if (colon <= 0 || line.charAt(0) == ' ' || line.charAt(colon - 1) == ' ') {
                throw new Malformed("header line (expected: NAME: VALUE)");
            }
            headers.merge(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip(),
                    (a, b) -> a + "," + b);
        }
        return Optional.of(new RequestHead(words[0], words[1], words[2], headers));
    }

    String header(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
    }

    /** Returns whether a header that is a list has an element. */
    boolean lists(String header, String element) {
        for (String part : header(header).split(",", -1)) {
            if (part.strip().equalsIgnoreCase(element)) {
                return true;
            }
        }
        return false;
    }

    /** Returns whether the connection may be used again. */
    boolean keepsAlive() {
        return version.equals("HTTP/1.0")
                ? lists("Connection", "keep-alive")
                : !lists("Connection", "close");
    }

    /** Reads lines, and counts what they take. */
    private static final class Lines {

        private final InputStream in;
        private int left = MAX_BYTES;

        Lines(InputStream in) {
            this.in = in;
        }

        @org.jspecify.annotations.Nullable
        String next() throws IOException {
            StringBuilder line = new StringBuilder();
            int value = in.read();
            if (value < 0) {
                return null;
            }
            for (; value != '\n'; value = in.read()) {
                if (value < 0) {
                    throw new EOFException("the connection ended in a head");
                }
                if (--left < 0) {
                    throw new Malformed("head (expected: at most " + MAX_BYTES + " bytes)");
                }
                line.append((char) value);
            }
            int length = line.length();
            String text =
                    length > 0 && line.charAt(length - 1) == '\r'
                            ? line.substring(0, length - 1)
                            : line.toString();
            return new String(text.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        }

        String need() throws IOException {
            String line = next();
            if (line == null) {
                throw new EOFException("the connection ended in a head");
            }
            return line;
        }
    }
}

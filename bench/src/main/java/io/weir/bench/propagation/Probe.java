package io.weir.bench.propagation;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/** Asks the data plane over one connection, again and again. */
final class Probe implements AutoCloseable {

    private static final long PAUSE_NANOS = 300_000;
    private static final String BODY = "{\"model\":\"m\",\"prompt\":\"hello\"}";

    private final int port;
    private Socket socket = new Socket();
    private InputStream in = InputStream.nullInputStream();

    Probe(int port) {
        this.port = port;
    }

    /**
     * Asks until the answer is as it should.
     *
     * @param expected status and body, for instance {@code 200 a}
     * @return when it first was, as {@link System#nanoTime}
     */
    long await(String host, String path, String expected, long deadlineNanos) {
        String last = "nothing";
        while (System.nanoTime() < deadlineNanos) {
            last = ask(host, path);
            long now = System.nanoTime();
            if (last.startsWith(expected)) {
                return now;
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        throw new IllegalStateException(
                host + path + " answers " + last + " (expected: " + expected + ")");
    }

    /** Returns status and body of an answer, or what went wrong. */
    String ask(String host, String path) {
        try {
            if (!socket.isConnected() || socket.isClosed()) {
                socket = new Socket(InetAddress.getLoopbackAddress(), port);
                socket.setTcpNoDelay(true);
                in = new BufferedInputStream(socket.getInputStream());
            }
            String head =
                    "POST %s HTTP/1.1\r\nhost: %s\r\ncontent-type: application/json\r\n"
                            .formatted(path, host);
            String length = "content-length: " + BODY.length() + "\r\n\r\n";
            socket.getOutputStream()
                    .write((head + length + BODY).getBytes(StandardCharsets.US_ASCII));
            return answer();
        } catch (IOException e) {
            close();
            return String.valueOf(e.getMessage());
        }
    }

    private String answer() throws IOException {
        String status = line().substring("HTTP/1.1 ".length()).substring(0, 3);
        int length = 0;
        for (String line = line(); !line.isEmpty(); line = line()) {
            String lower = line.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-length:")) {
                length = Integer.parseInt(lower.substring(lower.indexOf(':') + 1).trim());
            }
        }
        return status + " " + new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new IOException("closed");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // It was to be gone anyway.
        }
    }
}
